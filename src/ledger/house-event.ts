import { ADMISSION_ACTS } from '#kernel/admission.ts'
import type { DataClass } from '#kernel/label.ts'
import type { EpochMs } from '#kernel/units.ts'

/** What decisions are made by. Policies, catalogues and class tables are kept for ever under their version; own terms are secret, and only named. */
export const RULING_DOCUMENTS = ['policy', 'catalogue', 'classes', 'own-terms'] as const
export type RulingDocument = (typeof RULING_DOCUMENTS)[number]

/** From now on decisions are made by this version of a document. */
export interface PolicyVersionEvent {
  readonly type: 'policy-version'
  readonly v: 1
  readonly document: RulingDocument
  readonly version: string
  /** Null for the first one. */
  readonly previous: string | null
  /** Who put it in force; `system` for what was found different at the start, or came by another gateway. */
  readonly actor: string
  /** SHA-256 in hexadecimal of the document as it is kept; absent where none is. */
  readonly digest?: string
  /** Who wrote it, and why, where that was told. */
  readonly author?: string
  readonly reason?: string
}

/** What became of weights: the first three of those on board, the others steps of their admission. */
export const ADMISSION_DECISIONS = ['admitted', 'refused', 'withdrawn', ...ADMISSION_ACTS] as const

/** Whether weights may serve, and why. */
export interface ModelAdmissionEvent {
  readonly type: 'model-admission'
  readonly v: 1
  readonly actor: string
  readonly model: string
  /** SHA-256 of the weights in hexadecimal; null when they are not here. */
  readonly digest: string | null
  readonly decision: (typeof ADMISSION_DECISIONS)[number]
  /** Stable codes. */
  readonly reasons: readonly string[]
  /** What a person said of it. */
  readonly why?: string
}

/** Somebody came in, was turned away, or left. */
export interface SignInEvent {
  readonly type: 'sign-in'
  readonly v: 1
  readonly method: 'key' | 'oidc'
  readonly outcome: 'opened' | 'refused' | 'closed'
  /** Id of the person or key; null when nobody knows who it was. */
  readonly subject: string | null
  /** Refusal code; null when it went well. */
  readonly code: string | null
}

/** Requests refused before anything was decided about them, counted: a flood of them is one record a minute. */
export interface RefusalEvent {
  readonly type: 'refusal'
  readonly v: 1
  /** Refusal code, or `other` when too many kinds came in one minute. */
  readonly code: string
  readonly surface: string | null
  /** Id of the key; null when there was none, or none that is known. */
  readonly key: string | null
  readonly count: number
  readonly from: EpochMs
  readonly until: EpochMs
}

/** What a person says of a decision afterwards. */
export interface ReviewEvent {
  readonly type: 'review'
  readonly v: 1
  readonly actor: string
  /** Id of the decision. */
  readonly decision: string
  /** Of the decision itself; or of an answer that was held: released as it was, edited, or refused. */
  readonly verdict: 'right' | 'too-low' | 'too-high' | 'approved' | 'edited' | 'refused'
  /** The class it should have had; null when the verdict stands. */
  readonly class: DataClass | null
  /** SHA-256 in hexadecimal of a note that is kept elsewhere; null when there is none. */
  readonly note: string | null
}

/** Something that was kept is kept no longer; recorded before it happens, and what it covers can be told again from it. */
export interface ErasureEvent {
  readonly type: 'erasure'
  readonly v: 1
  readonly actor: string
  /** subject, key: texts and payloads of one person or key. retention: payloads past their time. segment: whole records behind a checkpoint. */
  readonly scope: 'subject' | 'key' | 'retention' | 'segment'
  /** A keyed digest of the person, the id of the key, the name of the rule, or the writer. */
  readonly subject: string
  /** Records made before this time. */
  readonly until: EpochMs
  /** For a segment: its last record, in the chain of its writer. */
  readonly seq: number | null
  /** Number of the checkpoint that vouches for what goes; null when only payloads go. */
  readonly checkpoint: number | null
}

/** A checkpoint was made and signed: the chain holds its hash, as it holds that of the chain. */
export interface CheckpointEvent {
  readonly type: 'checkpoint'
  readonly v: 1
  readonly number: number
  /** SHA-256 of its body in hexadecimal. */
  readonly hash: string
}

/** Checkpoints are signed by another key from now on. */
export interface SigningKeyEvent {
  readonly type: 'signing-key'
  readonly v: 1
  readonly generation: number
  /** Ed25519 public key, 32 bytes in hexadecimal. */
  readonly key: string
  /** The key before it; null for the first. */
  readonly previous: string | null
  readonly actor: string
}

/** Another configuration is in force. */
export interface ConfigurationEvent {
  readonly type: 'configuration'
  readonly v: 1
  readonly actor: string
  /** SHA-256 in hexadecimal of the configuration without its keys: the same when only keys are others. */
  readonly version: string
  readonly previous: string | null
  /** Names of the sections that differ. */
  readonly sections: readonly string[]
}

/** What runs is composed otherwise than before: the bill of materials that says how is kept under its digest. */
export interface BillEvent {
  readonly type: 'bill-of-materials'
  readonly v: 1
  /** Who had it kept; `system` where the gateway noticed by itself. */
  readonly actor: string
  /** SHA-256 in hexadecimal of the bill as it is kept: canonical JSON, without its time and number. */
  readonly digest: string
  /** Digest of the one before it; null for the first. */
  readonly previous: string | null
  readonly components: number
}

import type { Label } from '#kernel/label.ts'
import type { EpochMs } from '#kernel/units.ts'

/** What became of an answer that was held. */
export const HELD_STATES = ['waiting', 'approved', 'edited', 'refused'] as const
export type HeldState = (typeof HELD_STATES)[number]

/** An answer that waits for a person, or that one has read; its text is sealed under the key of its owner. */
export interface HeldRow {
  /** Id of the decision. */
  readonly id: string
  readonly tenant: string
  /** `key:ID`, or `subject:DIGEST`. */
  readonly owner: string
  /** Id of the key of who asked. */
  readonly caller: string
  /** Id of the person who asked; null when the key belongs to none. */
  readonly person: string | null
  readonly at: EpochMs
  readonly expiresAt: EpochMs
  /** Of request and answer together. */
  readonly label: Label
  readonly surface: string
  readonly destination: string
  readonly model: string
  /** Id of the rule that asks for it. */
  readonly rule: string
  /** What was found in the answer, by kind. */
  readonly found: Readonly<Record<string, number>>
  readonly state: HeldState
  /** Id of the key of who decided. */
  readonly reviewer: string | null
  readonly decidedAt: EpochMs | null
  /** Why it was refused, in the reviewer's words, which the caller is told. */
  readonly reason: string | null
}

export interface SealedRow extends HeldRow {
  readonly sealed: Uint8Array
}

export interface HeldQuery {
  readonly tenant: string
  readonly state?: HeldState | undefined
  readonly class?: Label['class'] | undefined
  readonly caller?: string | undefined
  readonly rule?: string | undefined
  readonly since?: EpochMs | undefined
  readonly until?: EpochMs | undefined
  /** Id of the last row of the page before; newest first. */
  readonly after?: string | undefined
  readonly limit: number
}

/** What a person decided about one answer. */
export interface HeldDecision {
  readonly state: Exclude<HeldState, 'waiting'>
  readonly reviewer: string
  readonly decidedAt: EpochMs
  readonly reason: string | null
  /** What the caller gets from now on; absent: what was held. */
  readonly sealed?: Uint8Array
}

/** Where answers wait. Every gateway of one database sees the same. */
export interface HeldAnswerStore {
  put(row: SealedRow): Promise<void>
  /** With the wrapped key of its owner, which is null once destroyed. */
  get(
    tenant: string,
    id: string,
  ): Promise<(SealedRow & { readonly wrapped: Uint8Array | null }) | null>
  list(query: HeldQuery): Promise<readonly HeldRow[]>
  /** False when somebody has decided already: of two at once one counts. */
  decide(tenant: string, id: string, decision: HeldDecision): Promise<boolean>
  /** Removes what is held of an owner; returns how many answers. */
  removeOf(tenant: string, owner: string): Promise<number>
  /** Removes what has expired; returns how many answers. */
  removeExpired(now: EpochMs): Promise<number>
}

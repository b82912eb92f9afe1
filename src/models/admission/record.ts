import { z } from 'zod'
import { ADMISSION_ACTS, ADMISSION_STATES } from '#kernel/admission.ts'
import type { ExceptionKind } from '../weights/verdict.ts'

/** How it is known that the bytes are those that their publisher meant. */
export const EVIDENCE_KINDS = [
  /** The digest ships with the product. */
  'pinned',
  /** A person gave the digest, and the bytes have it. */
  'digest',
  /** The registry stated the digest at a fixed commit or manifest, and the bytes have it. */
  'registry',
  /** A signature of a key that somebody trusts. */
  'signature',
  /** The signed approval of another house that this one trusts. */
  'house',
] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

export const EXCEPTION_KINDS = [
  'pickle',
  'torchscript',
  'keras',
  'onnx',
  'tensorflow',
  'tflite',
  'numpy',
  'archive',
  'executable',
  'code',
  'unknown-format',
] as const satisfies readonly ExceptionKind[]

/** Changes kept in a record; the ledger has all of them. */
export const MOST_CHANGES = 100
/** Files of one model at most. */
export const MOST_FILES = 100_000

const Hex = z.string().regex(/^[0-9a-f]{64}$/)
const Time = z.int().nonnegative()
const Line = z.string().max(1000)

const WeightsFile = z.strictObject({
  path: z.string().min(1).max(4096),
  digest: Hex,
  bytes: z.int().nonnegative(),
})
export type WeightsFile = z.infer<typeof WeightsFile>

const Scan = z.strictObject({
  /** Version of the rules that judged. */
  scanner: Line,
  at: Time,
  verdict: z.enum(['clean', 'forbidden', 'not-analysed']),
  servable: z.boolean(),
  /** Exceptions that serving it would need. */
  needs: z.array(z.enum(EXCEPTION_KINDS)),
  findings: z.array(z.strictObject({ rule: Line, severity: Line, file: z.string().max(4096) })),
  templates: z.array(z.strictObject({ name: Line, sha256: Hex })),
})
export type RecordedScan = z.infer<typeof Scan>

/** A person or key; two of them are one where either is the same. */
const Who = { by: Line, person: Line.nullable() }

const Evidence = z.strictObject({
  kind: z.enum(EVIDENCE_KINDS),
  /** Which key, repository or digest. */
  detail: Line,
  ...Who,
  at: Time,
})
export type RecordedEvidence = z.infer<typeof Evidence>

const Exception = z.strictObject({
  kinds: z.array(z.enum(EXCEPTION_KINDS)).min(1),
  reason: Line,
  by: Line,
  at: Time,
  expiresAt: Time,
  /** Of the company's key, base64. */
  signature: z.string().max(1000),
})
export type RecordedException = z.infer<typeof Exception>

const Licence = z.strictObject({
  id: Line.nullable(),
  verdict: z.enum(['allow', 'allow-with-duties', 'needs-legal', 'block']),
  /** Ids of the conditions that led there. */
  conditions: z.array(Line),
  /** SHA-256 of the text it was recognised from, and of the profile it was judged against. */
  text: Hex.nullable(),
  profile: Hex,
  /** The company has said what it is: a verdict of `block` then ends the service. */
  isBinding: z.boolean(),
  /** The model it was inherited from. */
  inheritedFrom: Line.nullable(),
  at: Time,
})
export type RecordedLicence = z.infer<typeof Licence>

const Change = z.strictObject({
  act: z.enum(ADMISSION_ACTS),
  state: z.enum(ADMISSION_STATES),
  ...Who,
  reason: Line.nullable(),
  at: Time,
})
export type AdmissionChange = z.infer<typeof Change>

const AdmissionRecord = z.strictObject({
  v: z.literal(1),
  /** SHA-256 of the one file, or of the list of files as OpenSSF Model Signing orders it. */
  digest: Hex,
  name: Line,
  format: Line,
  bytes: z.int().nonnegative(),
  files: z.array(WeightsFile).min(1).max(MOST_FILES),
  source: z.strictObject({ kind: Line, reference: z.string().max(4096) }),
  /** Digests by which servers name the same weights, such as that of an Ollama manifest. */
  aliases: z.array(Hex),
  state: z.enum(ADMISSION_STATES),
  scan: Scan.nullable(),
  evidence: Evidence.nullable(),
  /** The company's signature over the weights, an OpenSSF Model Signing bundle. */
  approval: z
    .strictObject({ ...Who, at: Time, reason: Line.nullable(), bundle: z.string() })
    .nullable(),
  exceptions: z.array(Exception),
  licence: Licence.nullable(),
  changes: z.array(Change).max(MOST_CHANGES),
})
export type AdmissionRecord = z.infer<typeof AdmissionRecord>

/** A record from its JSON; null when it is none, which never means that the weights are good. */
export function readRecord(text: string): AdmissionRecord | null {
  try {
    const read = AdmissionRecord.safeParse(JSON.parse(text))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

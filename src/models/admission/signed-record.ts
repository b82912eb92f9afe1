import { sign, verify } from 'node:crypto'
import { z } from 'zod'
import { ADMISSION_STATES } from '#kernel/admission.ts'
import { canonicalJson } from '#kernel/canonical-json.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { preAuthentication } from '../signing/dsse.ts'
import { keyHint, readPublicKey, type CurveKey } from '../signing/key.ts'
import { verifyBundle } from '../signing/verify-model.ts'
import type { CompanyKey } from './company-key.ts'
import { digestOfFiles } from '../store/files-digest.ts'
import { isSignedOver } from './countersign.ts'
import { EVIDENCE_KINDS, EXCEPTION_KINDS, type AdmissionRecord } from './record.ts'

const TYPE = 'application/vnd.ecluse.model-admission+json'
/** Longest signed record that is read, in characters. */
const LONGEST = 100_000
/** How far the clock of who signed may have been ahead of ours, milliseconds. */
const CLOCK_SLACK_MS = 300_000

const Hex = z.string().regex(/^[0-9a-f]{64}$/)
const Time = z.int().nonnegative()
const Line = z.string().max(1000)

/** What a house says of weights to another: where they stand with it, and why. It names keys, and no person. */
const Statement = z.strictObject({
  v: z.literal(1),
  digest: Hex,
  name: Line,
  state: z.enum(ADMISSION_STATES),
  issuedAt: Time,
  evidence: z
    .strictObject({ kind: z.enum(EVIDENCE_KINDS), detail: Line, by: Line, at: Time })
    .nullable(),
  approval: z.strictObject({ by: Line, at: Time, reason: Line.nullable() }).nullable(),
  scan: z
    .strictObject({
      scanner: Line,
      at: Time,
      verdict: Line,
      needs: z.array(z.enum(EXCEPTION_KINDS)),
    })
    .nullable(),
  licence: z.strictObject({ id: Line.nullable(), verdict: Line }).nullable(),
})
export type AdmissionStatement = z.infer<typeof Statement>

const Envelope = z.strictObject({
  payloadType: z.literal(TYPE),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: Hex, sig: z.base64() })).length(1),
})

/** What a record says, signed with the company's key: a DSSE envelope as JSON. */
export function signRecord(record: AdmissionRecord, key: CompanyKey, now: EpochMs): string {
  const { evidence, approval, scan, licence } = record
  const statement: AdmissionStatement = {
    v: 1,
    digest: record.digest,
    name: record.name,
    state: record.state,
    issuedAt: now,
    evidence: evidence && {
      kind: evidence.kind,
      detail: evidence.detail,
      by: evidence.by,
      at: evidence.at,
    },
    approval: approval && { by: approval.by, at: approval.at, reason: approval.reason },
    scan: scan && {
      scanner: scan.scanner,
      at: scan.at,
      verdict: scan.verdict,
      needs: scan.needs,
    },
    licence: licence && { id: licence.id, verdict: licence.verdict },
  }
  const payload = Buffer.from(canonicalJson(statement))
  const { hash, key: secret } = key.signing
  const sig = sign(hash, preAuthentication(TYPE, payload), secret).toString('base64')
  return JSON.stringify({
    payloadType: TYPE,
    payload: payload.toString('base64'),
    signatures: [{ keyid: key.fingerprint, sig }],
  })
}

interface Read {
  readonly statement: AdmissionStatement
  readonly payload: Buffer
  readonly keyId: string
  readonly signature: Buffer
}

/** What a signed record says, which proves nothing yet; null when it is none. */
export function readSignedRecord(text: string): Read | null {
  if (text.length > LONGEST) return null
  try {
    const envelope = Envelope.parse(JSON.parse(text))
    const payload = Buffer.from(envelope.payload, 'base64')
    const statement = Statement.parse(JSON.parse(payload.toString('utf8')))
    const [signature] = envelope.signatures
    if (!signature) return null
    const { keyid, sig } = signature
    return { statement, payload, keyId: keyid, signature: Buffer.from(sig, 'base64') }
  } catch {
    return null
  }
}

/** A house whose approvals count here for something. */
export interface TrustedHouse {
  readonly name: string
  readonly key: CurveKey
  readonly fingerprint: string
  /** What its approval makes of weights here. */
  readonly accepts: 'verified' | 'approved'
}

/** A house by its public key as PEM; null where that is none. */
export function houseOf(
  name: string,
  publicKey: string,
  accepts: TrustedHouse['accepts'],
): TrustedHouse | null {
  const key = readPublicKey(publicKey)
  return key.ok ? { name, key: key.value, fingerprint: keyHint(key.value.key), accepts } : null
}

/** What comes with the weights of another house. */
export interface Brought {
  /** Its signed record. */
  readonly record: string
  /** Its OpenSSF Model Signing bundle over the files. */
  readonly bundle: string
}

/** Why what another house says does not count here: a stable code. */
export type BroughtProblem =
  | 'record-malformed'
  | 'key-not-trusted'
  | 'record-forged'
  | 'signature-broken'
  | 'files-differ'
  | 'record-of-others'
  | 'not-approved-there'
  | 'clock-ahead'

/** What a trusted house says of exactly these weights; both of its signatures must be of one key. */
export function verifyBrought(
  record: Pick<AdmissionRecord, 'digest' | 'files'>,
  given: Brought,
  houses: readonly TrustedHouse[],
  now: EpochMs,
): Result<
  { readonly statement: AdmissionStatement; readonly house: TrustedHouse },
  BroughtProblem
> {
  const read = readSignedRecord(given.record)
  if (read === null) return err('record-malformed')
  const house = houses.find(({ fingerprint }) => fingerprint === read.keyId)
  if (!house) return err('key-not-trusted')
  if (!isOf(house.key, read)) return err('record-forged')
  const { statement } = read
  if (statement.digest !== record.digest || digestOfFiles(record.files) !== record.digest)
    return err('record-of-others')
  if (statement.state !== 'approved' || statement.approval === null)
    return err('not-approved-there')
  if (Math.max(statement.issuedAt, statement.approval.at) > now + CLOCK_SLACK_MS)
    return err('clock-ahead')
  const signed = verifyBundle(given.bundle, { method: 'key', key: house.key }, now)
  if (!signed.ok) return err('signature-broken')
  return isSignedOver(record.files, signed.value.manifest.resources)
    ? ok({ statement, house })
    : err('files-differ')
}

function isOf({ key, hash }: CurveKey, { payload, signature }: Read): boolean {
  try {
    return verify(hash, preAuthentication(TYPE, payload), key, signature)
  } catch {
    return false
  }
}

/** Evidence of another house's approval, in one line: which house, with which key, who there, when. */
export function broughtEvidence({
  house,
  statement,
}: {
  readonly house: TrustedHouse
  readonly statement: AdmissionStatement
}): { readonly kind: 'house'; readonly detail: string } {
  const { by = '?', at = 0 } = statement.approval ?? {}
  const when = new Date(at).toISOString()
  const key = house.fingerprint.slice(0, 16)
  return {
    kind: 'house',
    detail: `${house.name} (key ${key}): approved by ${by}, ${when}`.slice(0, 1000),
  }
}

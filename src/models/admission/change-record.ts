import type { AdmissionAct, AdmissionState } from '#kernel/admission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import {
  MOST_CHANGES,
  type AdmissionRecord,
  type RecordedEvidence,
  type RecordedScan,
} from './record.ts'

/** Who does something, as evidence names them. */
export interface Doer {
  readonly by: string
  /** Null where a key belongs to nobody. */
  readonly person: string | null
}

export const SYSTEM: Doer = { by: 'system', person: null }

/** Two are one when the key is, or the person. */
export const isSame = (a: Doer, b: Doer): boolean =>
  a.by === b.by || (a.person !== null && a.person === b.person)

/** A record with one more change, in a state. */
export function changed(
  record: AdmissionRecord,
  act: AdmissionAct,
  state: AdmissionState,
  told: Doer & { readonly reason: string | null; readonly at: EpochMs },
): AdmissionRecord {
  const { by, person, reason, at } = told
  const change = { act, state, by, person, reason, at }
  return { ...record, state, changes: [...record.changes, change].slice(-MOST_CHANGES) }
}

/** What a scan makes of a record: nothing that was given before outlives a scan that is no longer clean. */
export function withScan(record: AdmissionRecord, scan: RecordedScan, who: Doer): AdmissionRecord {
  const at = scan.at
  const passed = scan.verdict === 'clean' || isOnlyException(scan)
  const next = { ...record, scan }
  const told = { ...who, reason: scan.verdict, at }
  if (record.state === 'revoked' || record.state === 'suspended')
    return changed(next, 'scanned', record.state, told)
  if (!passed)
    return changed({ ...next, approval: null, evidence: null }, 'scanned', 'quarantined', told)
  const state = record.state === 'quarantined' ? 'scanned' : record.state
  return changed(next, 'scanned', state, told)
}

/** Nothing is against it but its format, for which there are exceptions. */
const isOnlyException = ({ verdict, needs, findings }: RecordedScan): boolean =>
  verdict === 'not-analysed' && needs.length > 0 && findings.every(({ rule }) => FORMAT.has(rule))

const FORMAT: ReadonlySet<string> = new Set(['unknown-format', 'unsupported-format'])

/** Takes note of why the bytes are those of their publisher. */
export function withEvidence(
  record: AdmissionRecord,
  evidence: RecordedEvidence,
): Result<AdmissionRecord, Refusal> {
  const allowed: readonly AdmissionState[] = ['scanned', 'verified', 'suspended']
  if (!allowed.includes(record.state)) return err(notNow(record, 'admit'))
  const { by, person, at, kind } = evidence
  const told = { by, person, at, reason: kind }
  return ok(changed({ ...record, evidence, approval: null }, 'verified', 'verified', told))
}

/** Takes note of the approval of another house; lifts no suspension, and takes back nothing that was decided here. */
export function withBrought(
  record: AdmissionRecord,
  evidence: RecordedEvidence,
): Result<AdmissionRecord, Refusal> {
  const allowed: readonly AdmissionState[] = ['scanned', 'verified']
  if (!allowed.includes(record.state)) return err(notNow(record, 'import'))
  const { by, person, at, detail } = evidence
  const told = { by, person, at, reason: detail }
  return ok(changed({ ...record, evidence, approval: null }, 'imported', 'verified', told))
}

/** Whether somebody may approve a record now; `twoPersons`: not whoever brought or verified it. */
export function mayApprove(
  record: AdmissionRecord,
  who: Doer,
  twoPersons: boolean,
): Result<void, Refusal> {
  const isVerified = record.evidence !== null && record.scan !== null
  const allowed: readonly AdmissionState[] = ['verified', 'approved', 'suspended']
  if (!isVerified || !allowed.includes(record.state)) return err(notNow(record, 'approve'))
  if (!twoPersons) return ok(undefined)
  const before = record.changes.filter(({ act }) => HANDS.has(act))
  const hands = [...before, ...(record.evidence === null ? [] : [record.evidence])]
  return hands.some((hand) => hand.by !== SYSTEM.by && isSame(hand, who))
    ? err({ code: 'second-person', detail: { model: record.name } })
    : ok(undefined)
}

/** Acts by which somebody has had a hand in it. */
const HANDS: ReadonlySet<AdmissionAct> = new Set(['brought', 'verified', 'imported'])

/** Why a step cannot be taken from where a record stands. */
export const notNow = ({ name, state }: AdmissionRecord, step: string): Refusal => ({
  code: 'admission-step',
  detail: { model: name, state, step },
})

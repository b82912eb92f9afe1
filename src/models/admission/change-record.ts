import type { AdmissionAct, AdmissionState } from '#kernel/admission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import {
  MOST_CHANGES,
  type AdmissionChange,
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
  return { ...record, state, changes: withinBounds([...record.changes, change]) }
}

/** Who brought or verified weights is never forgotten: a hundred scans would make a second person of the first. */
function withinBounds(changes: readonly AdmissionChange[]): AdmissionChange[] {
  const kept = [...changes]
  while (kept.length > MOST_CHANGES) {
    const isRepeated = (one: AdmissionChange, at: number): boolean =>
      kept.slice(at + 1).some((later) => isHand(later) && isSame(later, one))
    const plain = kept.findIndex((one) => !isHand(one))
    const repeated = plain === -1 ? kept.findIndex(isRepeated) : plain
    kept.splice(Math.max(0, repeated), 1)
  }
  return kept
}

/** What a scan makes of a record: nothing that was given before outlives a scan that is no longer clean. */
export function withScan(record: AdmissionRecord, scan: RecordedScan, who: Doer): AdmissionRecord {
  const at = scan.at
  const passed = hasPassed(scan)
  const next = { ...record, scan }
  const told = { ...who, reason: scan.verdict, at }
  if (record.state === 'revoked' || record.state === 'suspended') {
    const left = passed ? next : { ...next, approval: null, evidence: null }
    return changed(left, 'scanned', record.state, told)
  }
  if (!passed)
    return changed({ ...next, approval: null, evidence: null }, 'scanned', 'quarantined', told)
  const state = record.state === 'quarantined' ? 'scanned' : record.state
  return changed(next, 'scanned', state, told)
}

/** Whether a scan leaves nothing against weights, or nothing that an exception could not answer for. */
export const hasPassed = (scan: RecordedScan): boolean =>
  scan.verdict === 'clean' || isOnlyException(scan)

/** Nothing is against it but its format, for which there are exceptions. */
const isOnlyException = ({ verdict, needs, findings }: RecordedScan): boolean =>
  verdict === 'not-analysed' &&
  needs.length > 0 &&
  findings.every(({ rule }) => FORMAT_RULES.has(rule))

/** Findings that an exception for a format answers for. */
export const FORMAT_RULES: ReadonlySet<string> = new Set(['unknown-format', 'unsupported-format'])

/** Takes note of why the bytes are those of their publisher. */
export function withEvidence(
  record: AdmissionRecord,
  evidence: RecordedEvidence,
): Result<AdmissionRecord, Refusal> {
  const allowed: readonly AdmissionState[] = ['scanned', 'verified', 'suspended']
  // weights that are suspended stay so when a scan is against them: they are not verified on top of it
  if (!allowed.includes(record.state) || !isScannedWell(record)) return err(notNow(record, 'admit'))
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
  if (!allowed.includes(record.state) || !isScannedWell(record))
    return err(notNow(record, 'import'))
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
  const isVerified = record.evidence !== null && isScannedWell(record)
  const allowed: readonly AdmissionState[] = ['verified', 'approved', 'suspended']
  if (!isVerified || !allowed.includes(record.state)) return err(notNow(record, 'approve'))
  return twoPersons ? asSecond(record, who) : ok(undefined)
}

/** Whether somebody is another person than those who brought or verified a record. Keys that belong to nobody may be one person's. */
export function asSecond(record: AdmissionRecord, who: Doer): Result<void, Refusal> {
  const { evidence } = record
  const vouched = evidence === null || evidence.by === SYSTEM.by ? [] : [evidence]
  const isOne = (hand: Doer): boolean =>
    isSame(hand, who) || (hand.person === null && who.person === null && who.by !== SYSTEM.by)
  return [...record.changes.filter(isHand), ...vouched].some(isOne)
    ? err({ code: 'second-person', detail: { model: record.name } })
    : ok(undefined)
}

const isScannedWell = ({ scan }: AdmissionRecord): boolean => scan !== null && hasPassed(scan)

/** Acts by which somebody has had a hand in it. */
const HANDS: ReadonlySet<AdmissionAct> = new Set(['brought', 'verified', 'imported'])

const isHand = ({ act, by }: AdmissionChange): boolean => HANDS.has(act) && by !== SYSTEM.by

/** Why a step cannot be taken from where a record stands. */
export const notNow = ({ name, state }: AdmissionRecord, step: string): Refusal => ({
  code: 'admission-step',
  detail: { model: name, state, step },
})

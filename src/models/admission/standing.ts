import type { WeightsStanding, WeightsStop } from '#kernel/destination.ts'
import type { EpochMs } from '#kernel/units.ts'
import { hasPassed } from './change-record.ts'
import type { CompanyKey } from './company-key.ts'
import { isCountersigned, isSignedException } from './countersign.ts'
import type { AdmissionRecord, RecordedException } from './record.ts'

/** What a record means for service at one moment. */
export interface Standing {
  readonly weights: WeightsStanding
  /** Null: the policy decides. */
  readonly stopped: WeightsStop | null
  /** When this may become another one by itself; null: never. */
  readonly until: EpochMs | null
}

/** How far the clock of who signed an exception may have been ahead of ours, milliseconds. */
const CLOCK_SLACK_MS = 300_000

/** Where weights stand now. What cannot be proven counts as not given: an approval without our signature is none. */
export function standingOf(record: AdmissionRecord, key: CompanyKey, now: EpochMs): Standing {
  const { state, scan, licence } = record
  const stopped = (stop: WeightsStop): Standing => ({
    weights: 'unverified',
    stopped: stop,
    until: null,
  })
  if (state === 'revoked' || state === 'suspended') return stopped(state)
  if (scan === null) return stopped('checking')
  // whatever a record says of its state, a scan that is against the weights outweighs it
  if (state === 'quarantined' || !hasPassed(scan)) return stopped('quarantined')
  if (licence?.verdict === 'block' && licence.isBinding) return stopped('licence-blocked')
  const valid = validExceptions(record, key, now)
  const missing = scan.needs.some((kind) => !valid.some(({ kinds }) => kinds.includes(kind)))
  const until = nextMoment(record.exceptions, now)
  if (missing) return { ...stopped('exception-missing'), until }
  const isApproved = state === 'approved' && isCountersigned(record, key, now)
  const isVerified = record.evidence !== null && state !== 'scanned'
  const weights = !isVerified ? 'unverified' : isApproved ? 'approved' : 'verified'
  return { weights, stopped: null, until }
}

/** The exceptions of a record that hold now: signed by the company's key, begun, and not over. */
export const validExceptions = (
  { digest, exceptions }: AdmissionRecord,
  key: CompanyKey,
  now: EpochMs,
): readonly RecordedException[] =>
  exceptions.filter(
    (one) =>
      one.at <= now + CLOCK_SLACK_MS && now < one.expiresAt && isSignedException(digest, one, key),
  )

/** The next time that an exception begins or ends. */
function nextMoment(exceptions: readonly RecordedException[], now: EpochMs): EpochMs | null {
  const moments = exceptions.flatMap(({ at, expiresAt }) => [at - CLOCK_SLACK_MS, expiresAt])
  const ahead = moments.filter((moment) => moment > now)
  return ahead.length === 0 ? null : Math.min(...ahead)
}

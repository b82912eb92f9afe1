import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'

export interface AllowanceOptions {
  readonly clock: Clock
  /** Units a key may spend at once. */
  readonly burst?: number
  /** Units it gets back each second. */
  readonly perSecond?: number
  /** Keys remembered at once. */
  readonly maxKeys?: number
}

/** Takes so many units of a key, or refuses with the seconds to wait. */
export type Allowance = (key: string, units: number) => Result<void, Refusal>

interface Left {
  readonly units: number
  readonly at: EpochMs
}

/** Bytes that count as one unit: a question costs 1, and one more for each 64 KiB. */
const UNIT_BYTES = 65_536

export const unitsOf = (bytes: number): number => 1 + Math.floor(bytes / UNIT_BYTES)

/**
 * A token bucket for each key, so that nobody learns by endless trying how a text must look to pass unseen, and one
 * caller does not keep the process from the others. A key alone may always ask one question when it has waited.
 */
export function createAllowance({
  clock,
  burst = 2_000,
  perSecond = 100,
  maxKeys = 10_000,
}: AllowanceOptions): Allowance {
  const keys = new Map<string, Left>()
  return (key, units) => {
    const now = clock()
    const last = keys.get(key)
    // a clock that was set back counts from where it is
    const known = last && last.at > now ? { units: last.units, at: now } : last
    if (last !== known && known) keys.set(key, known)
    const waited = known ? (now - known.at) / 1000 : 0
    const left = known ? Math.min(burst, known.units + waited * perSecond) : burst
    const cost = Math.min(units, burst)
    if (left < cost) {
      return err({
        code: 'too-many-attempts',
        retryAfterSeconds: Math.ceil((cost - left) / perSecond),
      })
    }
    // put at the end, so that the key quiet for longest is the first to be forgotten
    keys.delete(key)
    const [oldest] = keys.keys()
    if (keys.size >= maxKeys && oldest !== undefined) keys.delete(oldest)
    keys.set(key, { units: left - cost, at: now })
    return ok(undefined)
  }
}

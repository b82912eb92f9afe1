import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { subscriberOf } from './addresses.ts'

export interface AttemptsOptions {
  readonly clock: Clock
  /** Failures that cost nothing; people mistype. */
  readonly free?: number
  /** Addresses remembered at once. */
  readonly maxAddresses?: number
}

export interface Attempts {
  /** Ask before looking at a key; refuses `too-many-attempts` with the seconds to wait. */
  check(address: string): Result<void, Refusal>
  failed(address: string): void
  /** A good key clears its address. */
  succeeded(address: string): void
}

interface Failures {
  readonly count: number
  readonly blockedUntil: EpochMs
  readonly last: EpochMs
}

const FIRST_WAIT: Milliseconds = 1000
const LONGEST_WAIT: Milliseconds = 5 * 60 * 1000
/** Failures older than this are forgiven. */
const FORGIVEN_AFTER: Milliseconds = 15 * 60 * 1000

/** Slows down guessing: after some failures an address waits 1 s, 2 s, 4 s ... up to 5 minutes. */
export function createAttempts({
  clock,
  free = 10,
  maxAddresses = 10_000,
}: AttemptsOptions): Attempts {
  const addresses = new Map<string, Failures>()
  return {
    check(address) {
      const failures = addresses.get(subscriberOf(address))
      const wait = (failures?.blockedUntil ?? 0) - clock()
      if (wait <= 0) return ok(undefined)
      return err({ code: 'too-many-attempts', retryAfterSeconds: Math.ceil(wait / 1000) })
    },
    failed(address) {
      const now = clock()
      const place = subscriberOf(address)
      const before = addresses.get(place)
      const count = before && now - before.last < FORGIVEN_AFTER ? before.count + 1 : 1
      const wait = Math.min(FIRST_WAIT * 2 ** (count - free - 1), LONGEST_WAIT)
      // Put at the end, so that the address quiet for longest is the first to be forgotten.
      addresses.delete(place)
      const [oldest] = addresses.keys()
      if (addresses.size >= maxAddresses && oldest !== undefined) addresses.delete(oldest)
      addresses.set(place, { count, blockedUntil: count > free ? now + wait : 0, last: now })
    },
    succeeded(address) {
      addresses.delete(subscriberOf(address))
    },
  }
}

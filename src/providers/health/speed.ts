import type { EpochMs, Milliseconds } from '#kernel/units.ts'

/** How fast a model of a destination was of late: exponentially weighted means. */
export interface Speed {
  readonly firstByteMs: Milliseconds
  /** Null until an answer told how many tokens it had. */
  readonly tokensPerSecond: number | null
  /** When the last answer was measured. */
  readonly at: EpochMs
}

/** Time in which a sample loses two thirds of its weight. */
const MEMORY_MS: Milliseconds = 10_000

/** What the past still weighs after this long, 0 to 1. */
const remaining = (elapsedMs: Milliseconds): number => Math.exp(-Math.max(0, elapsedMs) / MEMORY_MS)

/** The speed after one more answer began. The first sample is taken as it is; every later one counts at least a tenth. */
export function withFirstByte(speed: Speed | null, firstByteMs: Milliseconds, at: EpochMs): Speed {
  if (speed === null) return { firstByteMs, tokensPerSecond: null, at }
  const past = Math.min(0.9, remaining(at - speed.at))
  const mean = speed.firstByteMs * past + firstByteMs * (1 - past)
  return { ...speed, firstByteMs: mean, at: Math.max(at, speed.at) }
}

/** The speed after one more answer ended; one fifth of the mean is the new sample. */
export function withTokens(speed: Speed | null, tokensPerSecond: number): Speed | null {
  if (speed === null) return null
  const before = speed.tokensPerSecond ?? tokensPerSecond
  return { ...speed, tokensPerSecond: before * 0.8 + tokensPerSecond * 0.2 }
}

/**
 * What a request would wait there: the mean time to the first byte, times the requests it would share the place with.
 * A time that was not confirmed for a while fades, so that a place that was slow once is looked at again; a place
 * never measured comes first, and the fewer are there the better.
 */
export function expectedWait(speed: Speed | null, outstanding: number, at: EpochMs): number {
  const known = speed === null ? 0 : speed.firstByteMs * remaining(at - speed.at)
  return (known + 1) * (outstanding + 1)
}

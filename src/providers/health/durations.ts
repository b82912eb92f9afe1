import type { Milliseconds } from '#kernel/units.ts'

/** A histogram of durations: four buckets per doubling, from one millisecond to over an hour. */
export interface Durations {
  readonly counts: readonly number[]
  readonly total: number
}

const BUCKETS = 90
/** When this many are counted all counts are halved, so that the past fades. */
const FULL = 512
/** Fewer than these say nothing about a tail. */
const MINIMUM = 20

export const NO_DURATIONS: Durations = { counts: Array<number>(BUCKETS).fill(0), total: 0 }

/** The histogram with one duration more. */
export function withDuration(durations: Durations, ms: Milliseconds): Durations {
  const at = Math.min(BUCKETS - 1, Math.max(0, Math.ceil(4 * Math.log2(Math.max(1, ms)))))
  const counts = durations.counts.with(at, (durations.counts[at] ?? 0) + 1)
  const total = durations.total + 1
  if (total < FULL) return { counts, total }
  const halved = counts.map((count) => Math.floor(count / 2))
  return { counts: halved, total: halved.reduce((sum, count) => sum + count, 0) }
}

/** The duration that this share (0 to 1) stayed under, at most a fifth too long; null while too few are known. */
export function quantile(durations: Durations, share: number): Milliseconds | null {
  if (durations.total < MINIMUM) return null
  let seen = 0
  for (const [at, count] of durations.counts.entries()) {
    seen += count
    if (seen >= durations.total * share) return 2 ** (at / 4)
  }
  return null
}

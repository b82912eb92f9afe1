import type { EpochMs, Milliseconds } from '#kernel/units.ts'

/** Outcomes of a short stretch of time. */
interface Bucket {
  readonly start: EpochMs
  readonly good: number
  readonly bad: number
}

/** What came of the requests of the last while, oldest stretch first. */
export type OutcomeWindow = readonly Bucket[]

export interface WindowSettings {
  /** How far back outcomes count. */
  readonly windowMs: Milliseconds
  /** Length of one stretch; the window forgets by whole stretches. */
  readonly bucketMs: Milliseconds
}

export const EMPTY_WINDOW: OutcomeWindow = []

/** The window with one outcome more, without what has become too old. A clock that goes back counts as standing still. */
export function withOutcome(
  window: OutcomeWindow,
  at: EpochMs,
  isGood: boolean,
  settings: WindowSettings,
): OutcomeWindow {
  const last = window.at(-1)
  const start = Math.max(
    last?.start ?? -Infinity,
    Math.floor(at / settings.bucketMs) * settings.bucketMs,
  )
  const more = isGood ? { good: 1, bad: 0 } : { good: 0, bad: 1 }
  if (last?.start === start) {
    const grown = { start, good: last.good + more.good, bad: last.bad + more.bad }
    return [...window.slice(0, -1), grown]
  }
  return [
    ...window.filter((bucket) => bucket.start > start - settings.windowMs),
    { start, ...more },
  ]
}

/** How many outcomes still count, and how many of them were bad. */
export function countOutcomes(
  window: OutcomeWindow,
  at: EpochMs,
  settings: WindowSettings,
): { readonly total: number; readonly bad: number } {
  let total = 0
  let bad = 0
  for (const bucket of window) {
    if (bucket.start <= at - settings.windowMs) continue
    total += bucket.good + bucket.bad
    bad += bucket.bad
  }
  return { total, bad }
}

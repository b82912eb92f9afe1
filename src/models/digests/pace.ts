/** Work between two pauses, milliseconds: short beside what a request takes, long beside what a pause costs. */
const STRETCH_MS = 10
/** Longest stretch that counts, milliseconds: a machine that slept has not worked. */
const LONGEST_MS = 1_000

/**
 * Tells after each piece of work how long to pause, so that work takes at most this share of the time of one core. Work is
 * counted by the clock: where others want the core, it takes longer, and so does the pause.
 */
export function createPace(share: number, now: () => number): () => number {
  let since = now()
  let paused = 0
  return () => {
    const worked = Math.min(now() - since - paused, LONGEST_MS)
    if (worked < STRETCH_MS) return 0
    since = now()
    paused = worked * (1 / share - 1)
    return paused
  }
}

import type { EpochMs } from '#kernel/units.ts'

/** When a bill was in force, as evidence says. */
export interface BillMoment {
  readonly at: EpochMs
  readonly digest: string
}

/** Every bill is kept this long; of those before, the last of each month. Milliseconds: 400 days, a year and a month. */
const EVERY_MS = 400 * 86_400_000

/** Which of these moments, newest first, have their bill kept at a time. */
export function isKeptNow(moments: readonly BillMoment[], now: EpochMs): readonly boolean[] {
  return moments.map(({ at }, place) => {
    const next = moments[place - 1]
    return now - at < EVERY_MS || next === undefined || monthOf(next.at) !== monthOf(at)
  })
}

/** The digests that nothing needs any more, of those that are kept. */
export function billsToLetGo(
  moments: readonly BillMoment[],
  kept: readonly string[],
  now: EpochMs,
): readonly string[] {
  const flags = isKeptNow(moments, now)
  const needed = new Set(moments.filter((_, place) => flags[place]).map(({ digest }) => digest))
  return kept.filter((digest) => !needed.has(digest))
}

const monthOf = (at: EpochMs): string => new Date(at).toISOString().slice(0, 7)

import type { Numbers } from './digest-numbers.ts'

const DAY_MS = 86_400_000
/** Farthest that a date is moved, days. */
const FARTHEST = 400

/** A day at most so far from the true one, in the same layout; null for a date that is not written in digits. */
export function fakeDate(text: string, numbers: Numbers): string | null {
  const day = /^(\d{2})([/.-])(\d{2})\2(\d{4})$/.exec(text)
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const [year, month, date] = day
    ? [day[4], day[3], day[1]]
    : iso
      ? [iso[1], iso[2], iso[3]]
      : [undefined, undefined, undefined]
  const at = Date.UTC(Number(year), Number(month) - 1, Number(date))
  if (Number.isNaN(at)) return null
  const days = numbers.below(2 * FARTHEST) - FARTHEST
  const moved = new Date(at + (days >= 0 ? days + 1 : days) * DAY_MS).toISOString().slice(0, 10)
  const [y = '', m = '', d = ''] = moved.split('-')
  return day ? [d, m, y].join(day[2]) : moved
}

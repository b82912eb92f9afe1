import type { EpochMs } from '#kernel/units.ts'
import type { BudgetPeriod } from './budget.ts'

/** From `start` (inclusive) to `end` (exclusive); `end` is Infinity for a period without one. */
export interface Period {
  readonly start: EpochMs
  readonly end: EpochMs
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Longest time that one period of a kind can last, with a day to spare for changes of the zone. */
const LONGEST_MS: Readonly<Record<Exclude<BudgetPeriod, 'total'>, number>> = {
  hour: 3 * HOUR_MS,
  day: 3 * DAY_MS,
  week: 9 * DAY_MS,
  month: 33 * DAY_MS,
}

const EVER: Period = { start: 0, end: Infinity }

/**
 * The period that a moment lies in, in the calendar of a time zone (weeks begin on Monday, ISO 8601). Periods follow
 * each other without gap or overlap: a day in which clocks change lasts 23 or 25 hours, and an hour that comes twice
 * is two periods. @throws RangeError on a zone that does not exist.
 */
export function periodAt(kind: BudgetPeriod, timeZone: string, at: EpochMs): Period {
  if (kind === 'total') return EVER
  const label = labels(kind, timeZone)
  const now = label(at)
  const reach = LONGEST_MS[kind]
  // periods begin on whole seconds: zones have changed by seconds in the past, never by less
  const second = Math.floor(at / 1000)
  const start = firstSecond(
    second - Math.ceil(reach / 1000),
    second,
    (s) => label(s * 1000) === now,
  )
  const end = firstSecond(second, second + Math.ceil(reach / 1000), (s) => label(s * 1000) !== now)
  return { start: start * 1000, end: end * 1000 }
}

/** Whether a zone of that name is known here. */
export function isTimeZone(name: string): boolean {
  try {
    formatIn(name)
    return true
  } catch {
    return false
  }
}

/** The first whole number after `from`, up to `to`, that holds; it holds for all after it too. */
function firstSecond(from: number, to: number, holds: (second: number) => boolean): number {
  let [no, yes] = [from, to]
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2)
    if (holds(middle)) yes = middle
    else no = middle
  }
  return yes
}

const FORMATS = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    timeZoneName: 'longOffset',
  })
  FORMATS.set(timeZone, made)
  return made
}

/** What all moments of one period have in common, and no neighbouring period has. */
function labels(
  kind: Exclude<BudgetPeriod, 'total'>,
  timeZone: string,
): (at: EpochMs) => string | number {
  const format = formatIn(timeZone)
  return (at) => {
    const part: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(at)) part[type] = value
    const [year, month, day] = [part['year'], part['month'], part['day']].map(Number)
    if (kind === 'month') return `${year}-${month}`
    const days = Math.floor(Date.UTC(year ?? 0, (month ?? 1) - 1, day) / DAY_MS)
    if (kind === 'day') return days
    // the first of January 1970 was a Thursday
    if (kind === 'week') return Math.floor((days + 3) / 7)
    return `${days} ${part['hour']} ${part['timeZoneName']}`
  }
}

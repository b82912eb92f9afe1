import type { EpochMs } from '#kernel/units.ts'

/** Longest wait that is passed on, seconds. */
const MAX_SECONDS = 3600

/** IMF-fixdate (RFC 9110, section 5.6.7); the two obsolete forms are read by nobody who sends them for this. */
const FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Seconds of a `retry-after` header, whole seconds or a date, at most an hour; null when it says neither. */
export function readRetryAfter(header: string | undefined, now: EpochMs): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), MAX_SECONDS)
  const date = FIXDATE.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(date)) return null
  return Math.min(Math.max(0, Math.ceil((date - now) / 1000)), MAX_SECONDS)
}

import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { ToldLimit, ToldLimits } from '#quotas/told.ts'

/** How a surface tells its callers of limits. */
export type LimitHeaders = (told: ToldLimits, now: EpochMs) => Record<string, string>

/** `x-ratelimit-limit-requests` and its like, with durations such as `1m30.5s`. https://platform.openai.com/docs/guides/rate-limits */
export const openAiLimitHeaders: LimitHeaders = (told) => {
  const headers = bindingHeader(told.binding)
  for (const [kind, name] of [
    ['requests', 'requests'],
    ['tokens', 'tokens'],
  ] as const) {
    const one = told[kind]
    if (!one) continue
    headers[`x-ratelimit-limit-${name}`] = String(one.limit)
    headers[`x-ratelimit-remaining-${name}`] = String(one.remaining)
    headers[`x-ratelimit-reset-${name}`] = durationText(one.resetMs)
  }
  return headers
}

/** `anthropic-ratelimit-requests-limit` and its like, with points in time (RFC 3339). https://docs.anthropic.com/en/api/rate-limits */
export const anthropicLimitHeaders: LimitHeaders = (told, now) => {
  const headers = bindingHeader(told.binding)
  for (const [kind, name] of [
    ['requests', 'requests'],
    ['tokens', 'tokens'],
    ['inputTokens', 'input-tokens'],
    ['outputTokens', 'output-tokens'],
  ] as const) {
    const one = told[kind]
    if (!one) continue
    headers[`anthropic-ratelimit-${name}-limit`] = String(one.limit)
    headers[`anthropic-ratelimit-${name}-remaining`] = String(one.remaining)
    headers[`anthropic-ratelimit-${name}-reset`] = secondsText(now + one.resetMs)
  }
  return headers
}

/** The limit that really binds, whatever it counts: `x-ecluse-limit: team-tokens;totalTokens;remaining=12`. */
const bindingHeader = ({ quota, measure, remaining }: ToldLimit): Record<string, string> => ({
  'x-ecluse-limit': `${quota};${measure};remaining=${remaining}`,
})

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
] as const

/** As Go writes durations: `12ms`, `1.5s`, `6m0s`, `1h0m3s`. */
export function durationText(ms: Milliseconds): string {
  const whole = Math.ceil(ms)
  if (whole < 1_000) return `${whole}ms`
  let [rest, text] = [whole, '']
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0 || text !== '') text += `${count}${unit}`
  }
  return `${text}${rest / 1_000}s`
}

/** Whole seconds, as Anthropic writes them. */
const secondsText = (at: EpochMs): string =>
  `${new Date(Math.ceil(at / 1_000) * 1_000).toISOString().slice(0, -5)}Z`

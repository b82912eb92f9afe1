import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { ToldLimit, ToldLimits } from '#quotas/told.ts'

/** How a surface tells its callers of limits. */
export type LimitHeaders = (told: ToldLimits, now: EpochMs) => Record<string, string>

/** The kind of limit, and the names of the headers with the limit, what remains, and when all is free again. */
type Names = readonly [Exclude<keyof ToldLimits, 'binding'>, string, string, string]

const OPENAI: readonly Names[] = (['requests', 'tokens'] as const).map((kind) => [
  kind,
  `x-ratelimit-limit-${kind}`,
  `x-ratelimit-remaining-${kind}`,
  `x-ratelimit-reset-${kind}`,
])

const ANTHROPIC: readonly Names[] = (
  [
    ['requests', 'requests'],
    ['tokens', 'tokens'],
    ['inputTokens', 'input-tokens'],
    ['outputTokens', 'output-tokens'],
  ] as const
).map(([kind, name]) => [
  kind,
  `anthropic-ratelimit-${name}-limit`,
  `anthropic-ratelimit-${name}-remaining`,
  `anthropic-ratelimit-${name}-reset`,
])

/** `x-ratelimit-limit-requests` and its like, with durations such as `1m30.5s`. https://platform.openai.com/docs/guides/rate-limits */
export const openAiLimitHeaders: LimitHeaders = (told) => written(OPENAI, told, durationText)

/** `anthropic-ratelimit-requests-limit` and its like, with points in time (RFC 3339). https://docs.anthropic.com/en/api/rate-limits */
export const anthropicLimitHeaders: LimitHeaders = (told, now) =>
  written(ANTHROPIC, told, (resetMs) => secondsText(now + resetMs))

function written(
  names: readonly Names[],
  told: ToldLimits,
  resetText: (ms: Milliseconds) => string,
): Record<string, string> {
  const headers = bindingHeader(told.binding)
  for (const [kind, limit, remaining, reset] of names) {
    const one = told[kind]
    if (!one) continue
    headers[limit] = String(one.limit)
    headers[remaining] = String(one.remaining)
    headers[reset] = resetText(one.resetMs)
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

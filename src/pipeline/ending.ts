import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Attempt } from './attempt.ts'
import type { Again } from './retry-plan.ts'
import type { Ending } from './traffic.ts'

/** Wait of a destination that limits its rate without saying for how long. */
const UNSAID_WAIT_MS: Milliseconds = 2_000

/** What an attempt tells of the destination's health. A refusal of the request itself tells nothing. */
export function endingOf(result: Attempt, totalMs: Milliseconds): Ending {
  switch (result.kind) {
    case 'answered':
      return { kind: 'answered', totalMs, tokens: result.usage.completionTokens }
    case 'cancelled':
      return { kind: 'nothing' }
    case 'interrupted':
      // an exchange that we ended ourselves tells nothing of the destination
      return { kind: BROKEN.has(result.refusal.code) ? 'failed' : 'nothing' }
    case 'refused':
      // the destination did its part
      return result.usage
        ? { kind: 'answered', totalMs, tokens: result.usage.completionTokens }
        : endingOfRefusal(result.refusal)
  }
}

function endingOfRefusal({ code, detail, retryAfterSeconds }: Refusal): Ending {
  if (code === 'destination-unreachable') return { kind: 'unreachable' }
  if (code === 'destination-rate-limited') {
    const forMs = retryAfterSeconds === undefined ? UNSAID_WAIT_MS : retryAfterSeconds * 1000
    return { kind: 'limited', forMs }
  }
  const status = detail?.['status']
  const isItsFault = typeof status !== 'number' || status >= 500
  return { kind: FAILURES.has(code) && isItsFault ? 'failed' : 'nothing' }
}

const FAILURES: ReadonlySet<RefusalCode> = new Set([
  'destination-timeout',
  'destination-failed',
  'destination-malformed',
  'stream-interrupted',
])

const BROKEN: ReadonlySet<RefusalCode> = new Set([...FAILURES, 'destination-unreachable'])

/** Where a request may be tried again whose answer broke before anything of it was shown. */
export const againAfterBreak = ({ code }: Refusal): Again =>
  // one that took its time may still be at it, and one that speaks nonsense will do so again
  FINAL.has(code)
    ? 'nowhere'
    : code === 'destination-unreachable' || code === 'stream-interrupted'
      ? 'here'
      : 'elsewhere'

/** What was answered may not be shown: another answer is not asked for behind the back of the policy. */
const FINAL: ReadonlySet<RefusalCode> = new Set([
  'answer-withheld',
  'held-for-review',
  'opinion-against',
  'opinion-missing',
])

/** Whether an answer came, and is not shown. */
export const isKeptBack = ({ code }: Refusal): boolean => FINAL.has(code)

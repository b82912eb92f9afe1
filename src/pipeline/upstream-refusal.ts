import { REFUSAL_CODES, type Refusal, type RefusalCode } from '#kernel/refusal.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import { readRetryAfter } from './retry-after.ts'
import type { Again } from './retry-plan.ts'

interface Seen {
  readonly destination: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly at: EpochMs
}

interface Read {
  readonly refusal: Refusal
  /** The destination's own words, where they are about the caller's request. */
  readonly said: UpstreamError | null
  readonly again: Again
}

/** Codes that our own engine gives in its error bodies. */
const ENGINE_CODES: ReadonlySet<RefusalCode> = new Set([
  'queue-full',
  'model-not-ready',
  'context-too-long',
  'unsupported-parameter',
  'shutting-down',
])

/** Statuses that the next attempt at the same place can cure; 501, 505 and the like say that it cannot. */
const PASSING: ReadonlySet<number> = new Set([500, 502, 503, 520, 521, 522, 523, 529])

/** An account without money, a model that is not there or no longer: nothing that the caller could put right. */
const OURS: ReadonlySet<number> = new Set([402, 404, 410])

/** What an error status of a destination means to the caller; its credential errors are ours, never the caller's. */
export function upstreamRefusal(seen: Seen, said: UpstreamError | null): Read {
  const { destination, status, headers } = seen
  const detail = { destination, status }
  const retryAfterSeconds = readRetryAfter(headers['retry-after'], seen.at)
  const wait = retryAfterSeconds === null ? {} : { retryAfterSeconds }
  // destinations that know better than their status say so, as OpenAI does
  const here: Again = headers['x-should-retry'] === 'false' ? 'elsewhere' : 'here'
  const own = REFUSAL_CODES.find((code) => code === said?.code && ENGINE_CODES.has(code))
  if (own) {
    const refusal: Refusal = {
      code: own,
      detail: { progress: said?.message ?? '' },
      ...param(said),
      ...wait,
    }
    return { refusal, said, again: status >= 500 ? 'elsewhere' : 'nowhere' }
  }
  // Google answers a bad key with 400
  if (status === 401 || status === 403 || said?.type === 'authentication_error') {
    return { refusal: { code: 'destination-credentials', detail }, said: null, again: 'elsewhere' }
  }
  if (status === 429) {
    return {
      refusal: { code: 'destination-rate-limited', detail, ...wait },
      said: null,
      // without a time to wait for, another try would only add to what is too much already
      again: retryAfterSeconds === null ? 'elsewhere' : here,
    }
  }
  if (status === 408 || status === 504) {
    return { refusal: { code: 'destination-timeout', detail }, said: null, again: 'elsewhere' }
  }
  if (status >= 400 && status < 500 && !OURS.has(status)) {
    return {
      refusal: { code: 'destination-refused', detail, ...param(said) },
      said,
      again: 'nowhere',
    }
  }
  const again = PASSING.has(status) ? here : 'elsewhere'
  return { refusal: { code: 'destination-failed', detail, ...wait }, said: null, again }
}

const param = (said: UpstreamError | null): { param?: string } =>
  said?.param ? { param: said.param } : {}

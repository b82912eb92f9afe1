import { REFUSAL_CODES, type Refusal, type RefusalCode } from '#kernel/refusal.ts'
import type { UpstreamError } from '#protocols/dialect.ts'

interface Seen {
  readonly destination: string
  readonly status: number
  readonly retryAfter: string | undefined
}

interface Read {
  readonly refusal: Refusal
  /** The destination's own words, where they are about the caller's request. */
  readonly said: UpstreamError | null
  readonly retry: boolean
}

/** Codes that our own engine gives in its error bodies. */
const ENGINE_CODES: ReadonlySet<RefusalCode> = new Set([
  'queue-full',
  'model-not-ready',
  'context-too-long',
  'unsupported-parameter',
  'shutting-down',
])

/** What an error status of a destination means to the caller; its credential errors are ours, never the caller's. */
export function upstreamRefusal(seen: Seen, said: UpstreamError | null): Read {
  const { destination, status } = seen
  const detail = { destination, status }
  const retryAfterSeconds = readRetryAfter(seen.retryAfter)
  const wait = retryAfterSeconds === null ? {} : { retryAfterSeconds }
  const own = REFUSAL_CODES.find((code) => code === said?.code && ENGINE_CODES.has(code))
  if (own) {
    const refusal: Refusal = {
      code: own,
      detail: { progress: said?.message ?? '' },
      ...param(said),
      ...wait,
    }
    return { refusal, said, retry: status >= 500 }
  }
  if (status === 401 || status === 403) {
    return { refusal: { code: 'destination-credentials', detail }, said: null, retry: true }
  }
  if (status === 429) {
    return {
      refusal: { code: 'destination-rate-limited', detail, ...wait },
      said: null,
      retry: true,
    }
  }
  if (status === 408 || status === 504) {
    return { refusal: { code: 'destination-timeout', detail }, said: null, retry: true }
  }
  if (status >= 400 && status < 500 && status !== 404) {
    return { refusal: { code: 'destination-refused', detail, ...param(said) }, said, retry: false }
  }
  return { refusal: { code: 'destination-failed', detail, ...wait }, said: null, retry: true }
}

const param = (said: UpstreamError | null): { param?: string } =>
  said?.param ? { param: said.param } : {}

/** Whole seconds of a retry-after header, at most an hour; a date or anything else is left out. */
function readRetryAfter(header: string | undefined): number | null {
  if (header === undefined || !/^\d{1,6}$/.test(header)) return null
  return Math.min(Number(header), 3600)
}

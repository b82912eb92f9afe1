import type { Refusal, RefusalCode } from '#kernel/refusal.ts'

/** HTTP status of each refusal on every surface. */
export const STATUS: Readonly<Record<RefusalCode, number>> = {
  'missing-key': 401,
  'invalid-key': 401,
  'key-expired': 401,
  'scope-missing': 403,
  'host-not-allowed': 403,
  'origin-not-allowed': 403,
  'too-many-attempts': 429,
  'malformed-json': 400,
  'malformed-multipart': 400,
  'invalid-utf8': 400,
  'body-too-large': 413,
  'too-deep': 400,
  'unsafe-number': 400,
  'invalid-value': 400,
  'missing-field': 400,
  'unsupported-media-type': 415,
  'unsupported-parameter': 400,
  'unknown-model': 404,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'no-eligible-destination': 403,
  'passage-refused': 403,
  'rate-limited': 429,
  'exceeds-limit': 429,
  'model-not-ready': 503,
  'queue-full': 503,
  'context-too-long': 400,
  'destination-unreachable': 502,
  'destination-timeout': 504,
  'destination-credentials': 502,
  'destination-refused': 400,
  'destination-rate-limited': 429,
  'destination-failed': 502,
  'destination-malformed': 502,
  'stream-interrupted': 502,
  'ledger-unavailable': 503,
  'shutting-down': 503,
  'internal-error': 500,
}

/** Refusals that a repetition of the same request can cure. */
const WORTH_RETRYING: ReadonlySet<RefusalCode> = new Set([
  'too-many-attempts',
  'model-not-ready',
  'queue-full',
  'rate-limited',
  'destination-rate-limited',
  'shutting-down',
])

export const isWorthRetrying = (refusal: Refusal): boolean => WORTH_RETRYING.has(refusal.code)

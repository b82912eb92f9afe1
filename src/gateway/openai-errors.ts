import { describeRefusal, type Language } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import type { OpenAiError } from '#protocols/openai-chat/error-body.ts'

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

/** Codes that OpenAI clients branch on; every other refusal shows its own code. */
const CLIENT_CODES: Readonly<Partial<Record<RefusalCode, string>>> = {
  'missing-key': 'invalid_api_key',
  'invalid-key': 'invalid_api_key',
  'key-expired': 'invalid_api_key',
  'unknown-model': 'model_not_found',
  'context-too-long': 'context_length_exceeded',
  'destination-rate-limited': 'rate_limit_exceeded',
}

/** Refusals that a repetition of the same request can cure. */
const WORTH_RETRYING: ReadonlySet<RefusalCode> = new Set([
  'too-many-attempts',
  'model-not-ready',
  'queue-full',
  'destination-rate-limited',
  'shutting-down',
])

export const isWorthRetrying = (refusal: Refusal): boolean => WORTH_RETRYING.has(refusal.code)

/** A refusal in the shape of the OpenAI dialect; the destination's own words where they concern the caller's request. */
export function openAiError(
  refusal: Refusal,
  said: OpenAiError | null,
  language: Language,
): OpenAiError {
  if (said && refusal.code === 'destination-refused') return said
  const { message, remedy } = describeRefusal(refusal, language)
  return {
    message: `${message} ${remedy}`,
    type: errorType(refusal.code),
    param: refusal.param ?? null,
    code: CLIENT_CODES[refusal.code] ?? refusal.code,
  }
}

function errorType(code: RefusalCode): string {
  const status = STATUS[code]
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

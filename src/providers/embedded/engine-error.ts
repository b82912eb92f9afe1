import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'

const STATUS: Partial<Record<RefusalCode, number>> = {
  'unknown-model': 404,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'model-not-ready': 503,
  'queue-full': 503,
  'shutting-down': 503,
  'internal-error': 500,
}

/** The HTTP status of a refusal of the engine; what is not listed is the request's own fault. */
export const statusOf = (refusal: Refusal): number => STATUS[refusal.code] ?? 400

/** The OpenAI error body. `detail` is ours: the figures of the message, for the gateway. */
export function errorBody(refusal: Refusal): object {
  const { message, remedy } = describeRefusal(refusal, 'en')
  return {
    error: {
      message: `${message} ${remedy}`,
      type: statusOf(refusal) >= 500 ? 'server_error' : 'invalid_request_error',
      param: refusal.param ?? null,
      code: refusal.code,
      ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    },
  }
}

import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import {
  anthropicErrorBody,
  anthropicErrorFrame,
  type AnthropicError,
  type AnthropicErrorType,
} from '#protocols/anthropic/error-body.ts'
import { STATUS } from '../refusal-status.ts'
import type { ErrorShape, Told } from './error-shape.ts'
import { anthropicLimitHeaders } from './limit-headers.ts'

/** Status of "come back later" in this dialect; every other refusal has the status it has everywhere. */
const OVERLOADED = 529
const IS_OVERLOAD: ReadonlySet<RefusalCode> = new Set([
  'queue-full',
  'model-not-ready',
  'shutting-down',
])

const TYPES: Readonly<Record<number, AnthropicErrorType>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  [OVERLOADED]: 'overloaded_error',
}

const statusOf = ({ code }: Refusal): number => (IS_OVERLOAD.has(code) ? OVERLOADED : STATUS[code])

/** A refusal in the shape of the Anthropic dialect; the destination's own words where they concern the caller's request. */
function anthropicError(refusal: Refusal, told: Told): AnthropicError {
  const status = statusOf(refusal)
  const { message, remedy } = describeRefusal(refusal, told.language)
  const said = refusal.code === 'destination-refused' ? told.said : null
  return {
    type: TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'),
    message: said ? said.message : `${message} ${remedy}`,
    details: {
      error_code: refusal.code,
      ...(refusal.param === undefined ? {} : { param: refusal.param }),
    },
  }
}

/** Errors of the Anthropic surfaces. */
export const anthropicErrors: ErrorShape = {
  limitHeaders: anthropicLimitHeaders,
  status: statusOf,
  body: (refusal, told) => anthropicErrorBody(anthropicError(refusal, told), told.requestId),
  frame: (refusal, told) => anthropicErrorFrame(anthropicError(refusal, told), told.requestId),
}

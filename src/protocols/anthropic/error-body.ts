import type { UpstreamError } from '../dialect.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import { objectOf, textOf } from './read-value.ts'

/** The types of errors of the Anthropic dialect that we give. */
export type AnthropicErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'billing_error'
  | 'conflict_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error'

export interface AnthropicError {
  readonly type: AnthropicErrorType
  readonly message: string
  /** Our own stable code, where clients of this dialect look for one. */
  readonly details: { readonly error_code: string; readonly param?: string }
}

/** The error body of the Anthropic dialect. */
export const anthropicErrorBody = (error: AnthropicError, requestId: string): string =>
  JSON.stringify({ type: 'error', error, request_id: requestId })

/** An error inside a stream: SDKs raise on an event of this name. */
export const anthropicErrorFrame = (error: AnthropicError, requestId: string): string =>
  `event: error\ndata: ${anthropicErrorBody(error, requestId)}\n\n`

/** The error an upstream of this dialect reports, with bounded texts, or null when it is something else. */
export function readAnthropicError(bytes: Uint8Array): UpstreamError | null {
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  const error = isObject(body) && isObject(body['error']) ? body['error'] : null
  const message = error ? textOf(error['message']) : null
  if (!error || message === null) return null
  const code = textOf(objectOf(error['details'])['error_code'])
  return {
    message: message.slice(0, 2000),
    type: textOf(error['type'])?.slice(0, 200) ?? 'invalid_request_error',
    param: null,
    code: code?.slice(0, 200) ?? null,
  }
}

import type { UpstreamError } from '../dialect.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'

/** The error object of the OpenAI dialect. */
export interface OpenAiError {
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}

/** The error body of the OpenAI dialect: all four keys, always. */
export const openAiErrorBody = (error: OpenAiError): string => JSON.stringify({ error })

/** An error inside a stream: SDKs raise on any frame with a top-level `error`. */
export const openAiErrorFrame = (error: OpenAiError): string =>
  `data: ${JSON.stringify({ error })}\n\n`

/** The error an upstream of this dialect reports, with bounded texts, or null when it is something else. */
export function readOpenAiError(bytes: Uint8Array): UpstreamError | null {
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  const error: JsonObject | null = isObject(body) && isObject(body['error']) ? body['error'] : null
  if (!error || typeof error['message'] !== 'string') return null
  return {
    message: error['message'].slice(0, 2000),
    type: bounded(error['type']) ?? 'invalid_request_error',
    param: bounded(error['param']),
    code: bounded(error['code']),
  }
}

const bounded = (value: unknown): string | null =>
  typeof value === 'string' ? value.slice(0, 200) : null

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { UpstreamError } from '../dialect.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import { field, objectField, objects, textField } from './fields.ts'

/** The error object of the Gemini API (google.rpc.Status in its JSON form). */
export interface GeminiError {
  /** The HTTP status. */
  readonly code: number
  readonly message: string
  /** A name of google.rpc.Code. */
  readonly status: string
  readonly details: readonly JsonObject[]
}

export const geminiErrorBody = (error: GeminiError): string => JSON.stringify({ error })

/** An error inside a stream; the stream ends after it without a finish reason. */
export const geminiErrorFrame = (error: GeminiError): string =>
  `data: ${JSON.stringify({ error })}\r\n\r\n`

/** The error an upstream of this dialect reports, with bounded texts, or null when it is something else. */
export function readGeminiError(bytes: Uint8Array): UpstreamError | null {
  const text = decodeUtf8(bytes)
  const error = errorIn(text === null ? undefined : parseJson(text))
  const message = error ? textField(error, 'message') : null
  if (!error || message === null) return null
  const details = objects(error, 'details')
  const reasons = details.flatMap((detail) => textField(detail, 'reason') ?? [])
  // the API answers a bad key with status 400; its words would send the caller after the wrong key
  if (reasons.some((reason) => reason.startsWith('API_KEY_'))) return BAD_KEY
  const violation = details.flatMap((detail) => objects(detail, 'fieldViolations')).at(0)
  return {
    message: message.slice(0, 2000),
    type: 'invalid_request_error',
    param: violation ? (textField(violation, 'field')?.slice(0, 200) ?? null) : null,
    code: textField(error, 'status')?.slice(0, 200) ?? null,
  }
}

const BAD_KEY: UpstreamError = {
  message: 'The destination did not accept the credential that the gateway has for it.',
  type: 'authentication_error',
  param: null,
  code: 'API_KEY_INVALID',
}

/** Where streams are JSON lists, errors stand in a list of one. */
function errorIn(body: JsonValue | undefined): JsonObject | null {
  const first = Array.isArray(body) ? (body[0] as JsonValue | undefined) : body // an element of a JSON list
  if (!isObject(first) || field(first, 'error') === undefined) return null
  return objectField(first, 'error')
}

import type { UpstreamError } from '../dialect.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'

/** The error body of this dialect: one sentence. */
export const ollamaErrorBody = (message: string): string => JSON.stringify({ error: message })

/** An error inside a stream: clients raise on any line with `error`. */
export const ollamaErrorLine = (message: string): string => `${ollamaErrorBody(message)}\n`

/** The error a server of this dialect reports, bounded, or null when it is something else; proxies in front send an object. */
export function readOllamaError(bytes: Uint8Array): UpstreamError | null {
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  if (!isObject(body)) return null
  const said = isObject(body['error']) ? body['error']['message'] : body['error']
  if (typeof said !== 'string' || said === '') return null
  return { message: said.slice(0, 2000), type: 'invalid_request_error', param: null, code: null }
}

import type { UpstreamError } from '../dialect.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import { readOpenAiError } from '../openai-chat/read-error.ts'

/** The error of a reranker: in the OpenAI shape, as Cohere's `message`, or as the `detail` of Jina; null otherwise. */
export function readRerankError(bytes: Uint8Array): UpstreamError | null {
  const known = readOpenAiError(bytes)
  if (known !== null) return known
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  if (!isObject(body)) return null
  const said = typeof body['message'] === 'string' ? body['message'] : body['detail']
  if (typeof said !== 'string') return null
  return { message: said.slice(0, 2000), type: 'invalid_request_error', param: null, code: null }
}

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { UpstreamError } from '../dialect.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'

/**
 * The error an upstream of this dialect reports, with bounded texts, or null when it is something else. Servers that
 * answer as OpenAI does still refuse in shapes of their own; test/exchanges has one of each.
 */
export function readOpenAiError(bytes: Uint8Array): UpstreamError | null {
  const text = decodeUtf8(bytes)
  const parsed = text === null ? undefined : parseJson(text)
  // Google writes a list of one
  const body = isList(parsed) ? parsed[0] : parsed
  if (!isObject(body)) return null
  const error = errorIn(body)
  const message = error && messageOf(error)
  if (!error || message === null) return null
  // a bad key with status 400 (xAI, Google): its words would send the caller after the wrong key
  if (BAD_KEY_WORDS.test(message)) return BAD_KEY
  const type = bounded(error['type']) ?? bounded(body['error_type']) ?? 'invalid_request_error'
  const isTooLong = type === 'exceed_context_size_error' || TOO_LONG_WORDS.test(message)
  return {
    message: message.slice(0, 2000),
    type,
    param: bounded(error['param']) ?? paramOf(error),
    code: bounded(error['code']) ?? (isTooLong ? 'context_length_exceeded' : null),
  }
}

/** vLLM says it in words alone, llama.cpp by its type; clients shorten a conversation by OpenAI's code. */
const TOO_LONG_WORDS = /\bmaximum context length\b/i

const BAD_KEY_WORDS = /^(?:incorrect|invalid) api key|^api key not valid/i

const BAD_KEY: UpstreamError = {
  message: 'The destination did not accept the credential that the gateway has for it.',
  type: 'authentication_error',
  param: null,
  code: 'invalid_api_key',
}

/** Below `error`, first of `errors` (IBM) or of `messages` (IONOS), or the body itself (Mistral, Cerebras, FastAPI). */
function errorIn(body: JsonObject): JsonObject | null {
  const { error } = body
  if (isObject(error)) return error
  if (typeof error === 'string') return { ...body, message: body['message'] ?? error }
  for (const name of ['errors', 'messages']) {
    const list = body[name]
    const [first] = isList(list) ? list.filter(isObject) : []
    if (first) return first
  }
  return body
}

function messageOf(error: JsonObject): string | null {
  const { message, description, detail } = error
  if (typeof message === 'string') return message
  if (typeof description === 'string') return description
  if (isObject(message)) return messageOf(message)
  if (typeof detail === 'string') return detail
  if (isObject(detail)) return messageOf(errorIn(detail) ?? {})
  const problems = isList(detail) ? detail.filter(isObject) : []
  const told = problems.flatMap((problem) => {
    const place = placeOf(problem['loc'])
    const { msg } = problem
    return typeof msg === 'string' ? [place === null ? msg : `${place}: ${msg}`] : []
  })
  // the input itself, which FastAPI repeats beside it, stays out
  return told.length > 0 ? told.join('; ') : null
}

/** Where FastAPI found the first problem. */
function paramOf({ message, detail }: JsonObject): string | null {
  const list = isObject(message) ? message['detail'] : detail
  const [first] = isList(list) ? list.filter(isObject) : []
  return first ? placeOf(first['loc']) : null
}

function placeOf(loc: JsonValue | undefined): string | null {
  const steps = (isList(loc) ? loc : []).flatMap((step) =>
    step === 'body' || (typeof step !== 'string' && typeof step !== 'number') ? [] : [String(step)],
  )
  return steps.length > 0 ? steps.join('.').slice(0, 200) : null
}

const bounded = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : null

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'

/** What the gateway itself needs to know of a chat request; all the rest belongs to the destination. */
export interface ChatRequest {
  readonly model: string
  readonly stream: boolean
  /** The caller asked for the usage chunk of a stream. */
  readonly includeUsage: boolean
  readonly body: JsonObject
}

export const CHAT_ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const

/** Checks the fields that every destination needs; unknown fields survive untouched. */
export function readChatRequest(body: JsonObject): Result<ChatRequest, Refusal> {
  const { model, stream = false, stream_options: options, messages } = body
  if (model === undefined) return missing('model')
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  if (typeof stream !== 'boolean' && stream !== null) return invalid('stream', 'true or false')
  if (messages === undefined) return missing('messages')
  if (!isList(messages) || messages.length === 0) {
    return invalid('messages', 'a list of at least one message')
  }
  if (options !== undefined && options !== null && !isObject(options)) {
    return invalid('stream_options', 'an object')
  }
  for (const [index, message] of messages.entries()) {
    const found = messageProblem(message, `messages.${index}`)
    if (found) return err(found)
  }
  const includeUsage = isObject(options) && options['include_usage'] === true
  return ok({ model, stream: stream === true, includeUsage, body })
}

/** The body as a destination gets it: its own name of the model, and the usage that the ledger needs. */
export function chatBodyFor(request: ChatRequest, upstreamModel: string): JsonObject {
  const { body } = request
  if (!request.stream) return { ...body, model: upstreamModel }
  const options = isObject(body['stream_options']) ? body['stream_options'] : {}
  return { ...body, model: upstreamModel, stream_options: { ...options, include_usage: true } }
}

function messageProblem(message: JsonValue, path: string): Refusal | null {
  if (!isObject(message)) return problem(path, 'an object with `role` and `content`')
  const { role, content } = message
  if (role === undefined) return { code: 'missing-field', param: `${path}.role` }
  if (typeof role !== 'string' || !isRole(role)) {
    return problem(`${path}.role`, `one of ${CHAT_ROLES.join(', ')}`)
  }
  if (content === undefined && NEEDS_CONTENT.has(role)) {
    return { code: 'missing-field', param: `${path}.content` }
  }
  if (content === undefined || content === null || typeof content === 'string') return null
  if (!isList(content)) return problem(`${path}.content`, 'a string or a list of parts')
  const wrong = content.findIndex((part) => !isObject(part) || typeof part['type'] !== 'string')
  return wrong === -1 ? null : problem(`${path}.content.${wrong}`, 'an object with a `type`')
}

/** An assistant message may hold tool calls alone. */
const NEEDS_CONTENT: ReadonlySet<string> = new Set(['user', 'system', 'developer'])

const isRole = (role: string): boolean => CHAT_ROLES.some((known) => known === role)

const problem = (param: string, expected: string): Refusal => ({
  code: 'invalid-value',
  param,
  detail: { expected },
})

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err(problem(param, expected))

const missing = (param: string): Result<never, Refusal> => err({ code: 'missing-field', param })

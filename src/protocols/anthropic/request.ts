import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'
import { blockProblem, contentProblem, problem } from './block-problem.ts'

/** What the gateway itself needs to know of a Messages request; all the rest belongs to the destination. */
export interface MessagesRequest {
  readonly model: string
  readonly stream: boolean
  readonly body: JsonObject
}

export const MESSAGE_ROLES = ['user', 'assistant', 'system'] as const

/** Checks a body of `POST /v1/messages`; unknown fields survive untouched. */
export function readMessagesRequest(body: JsonObject): Result<MessagesRequest, Refusal> {
  const limit = body['max_tokens']
  const { stream = false } = body
  const found = commonProblem(body)
  if (found) return err(found)
  if (limit === undefined) return missing('max_tokens')
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 0) {
    return err(problem('max_tokens', 'a whole number of tokens'))
  }
  if (typeof stream !== 'boolean' && stream !== null) {
    return err(problem('stream', 'true or false'))
  }
  return ok({ model: modelOf(body), stream: stream === true, body })
}

/** Checks a body of `POST /v1/messages/count_tokens`, which asks for no answer. */
export function readCountRequest(body: JsonObject): Result<MessagesRequest, Refusal> {
  const found = commonProblem(body)
  return found ? err(found) : ok({ model: modelOf(body), stream: false, body })
}

/** The body as a destination of the same dialect gets it: with its own name of the model. */
export const messagesBodyFor = (request: MessagesRequest, upstreamModel: string): JsonObject => ({
  ...request.body,
  model: upstreamModel,
})

const modelOf = ({ model }: JsonObject): string => (typeof model === 'string' ? model : '')

function commonProblem(body: JsonObject): Refusal | null {
  const { model, messages, system, tools } = body
  const stops = body['stop_sequences']
  if (model === undefined) return { code: 'missing-field', param: 'model' }
  if (typeof model !== 'string' || model === '') return problem('model', 'a model name')
  if (messages === undefined) return { code: 'missing-field', param: 'messages' }
  if (!isList(messages) || messages.length === 0) {
    return problem('messages', 'a list of at least one message')
  }
  if (said(stops) && !(isList(stops) && stops.every((stop) => typeof stop === 'string'))) {
    return problem('stop_sequences', 'a list of strings')
  }
  return (
    systemProblem(system) ??
    first(messages, 'messages', messageProblem) ??
    toolsProblem(tools) ??
    first(['tool_choice', 'thinking', 'metadata', 'output_config'], '', (name) =>
      typeof name === 'string' && said(body[name]) && !isObject(body[name])
        ? problem(name, 'an object')
        : null,
    )
  )
}

function systemProblem(system: JsonValue | undefined): Refusal | null {
  if (!said(system) || typeof system === 'string') return null
  if (!isList(system)) return problem('system', 'a string or a list of text blocks')
  return first(system, 'system', blockProblem)
}

function messageProblem(message: JsonValue, path: string): Refusal | null {
  if (!isObject(message)) return problem(path, 'an object with `role` and `content`')
  const { role, content } = message
  if (role === undefined) return { code: 'missing-field', param: `${path}.role` }
  if (!MESSAGE_ROLES.some((known) => known === role)) {
    return problem(`${path}.role`, `one of ${MESSAGE_ROLES.join(', ')}`)
  }
  if (content === undefined) return { code: 'missing-field', param: `${path}.content` }
  return contentProblem(content, `${path}.content`)
}

function toolsProblem(tools: JsonValue | undefined): Refusal | null {
  if (!said(tools)) return null
  if (!isList(tools)) return problem('tools', 'a list of tools')
  return first(tools, 'tools', (tool, path) => {
    if (!isObject(tool)) return problem(path, 'an object')
    // tools with a type of their own have their schema with the vendor
    if (typeof tool['type'] === 'string' && tool['type'] !== 'custom') return null
    if (typeof tool['name'] !== 'string') return problem(`${path}.name`, 'a name')
    return isObject(tool['input_schema']) ? null : problem(`${path}.input_schema`, 'a JSON Schema')
  })
}

function first(
  items: readonly JsonValue[],
  path: string,
  check: (item: JsonValue, path: string) => Refusal | null,
): Refusal | null {
  for (const [index, item] of items.entries()) {
    const found = check(item, `${path}.${index}`)
    if (found) return found
  }
  return null
}

const said = (value: JsonValue | undefined): boolean => value !== undefined && value !== null

const missing = (param: string): Result<never, Refusal> => err({ code: 'missing-field', param })

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import {
  PLAIN,
  type ContentPart,
  type Conversation,
  type OutputFormat,
  type Reasoning,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
  type TurnPart,
} from '../conversation.ts'
import { imageOf } from '../image.ts'
import { isList, isObject } from '../json-body.ts'

/** Fields that are read below, or that say nothing to a model. */
const MAPPED: ReadonlySet<string> = new Set(
  'model messages stream stream_options tools tool_choice parallel_tool_calls max_tokens max_completion_tokens temperature top_p top_k seed presence_penalty frequency_penalty stop response_format reasoning_effort user n store'.split(
    ' ',
  ),
)

/** An OpenAI chat body in the neutral form. How many answers are asked for is no part of it. */
export function chatToConversation(body: JsonObject): Result<Conversation, Refusal> {
  const messages = isList(body['messages']) ? body['messages'].filter(isObject) : []
  const system = messages.filter(isSystem).flatMap(({ content }) => contentParts(content))
  const unmapped = Object.keys(body).filter((key) => !MAPPED.has(key) && body[key] !== null)
  return ok({
    ...PLAIN,
    system,
    turns: turnsOf(messages.filter((message) => !isSystem(message))),
    tools: toolsOf(body['tools']),
    toolChoice: toolChoiceOf(body['tool_choice']),
    parallelToolCalls: bool(body['parallel_tool_calls']),
    maxTokens: number(body['max_completion_tokens']) ?? number(body['max_tokens']),
    temperature: number(body['temperature']),
    topP: number(body['top_p']),
    topK: number(body['top_k']),
    seed: number(body['seed']),
    presencePenalty: number(body['presence_penalty']),
    frequencyPenalty: number(body['frequency_penalty']),
    stop: texts(body['stop']),
    output: outputOf(body['response_format']),
    reasoning: reasoningOf(body['reasoning_effort']),
    user: text(body['user']),
    unmapped,
  })
}

const isSystem = ({ role }: JsonObject): boolean => role === 'system' || role === 'developer'

/** Messages of tools join the user's turn that follows or precedes them; neighbours of one role become one turn. */
function turnsOf(messages: readonly JsonObject[]): readonly Turn[] {
  const turns: { role: Turn['role']; parts: TurnPart[] }[] = []
  for (const message of messages) {
    const role = message['role'] === 'assistant' ? 'assistant' : 'user'
    const parts = role === 'assistant' ? assistantParts(message) : userParts(message)
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else turns.push({ role, parts: [...parts] })
  }
  return turns
}

function userParts(message: JsonObject): readonly TurnPart[] {
  if (message['role'] !== 'tool' && message['role'] !== 'function')
    return contentParts(message['content'])
  const callId = text(message['tool_call_id']) ?? text(message['name']) ?? ''
  return [{ kind: 'tool-result', callId, parts: contentParts(message['content']), isError: false }]
}

function assistantParts(message: JsonObject): readonly TurnPart[] {
  const thought = text(message['reasoning_content']) ?? text(message['reasoning'])
  const refusal = text(message['refusal'])
  const calls = isList(message['tool_calls']) ? message['tool_calls'].filter(isObject) : []
  return [
    ...(thought === null ? [] : [{ kind: 'reasoning', text: thought, signature: null } as const]),
    ...contentParts(message['content']),
    ...(refusal === null ? [] : [{ kind: 'refusal', text: refusal } as const]),
    ...calls.map(toolCall),
  ]
}

function toolCall(call: JsonObject): TurnPart {
  const called = isObject(call['function']) ? call['function'] : {}
  return {
    kind: 'tool-call',
    id: text(call['id']) ?? '',
    name: text(called['name']) ?? '',
    arguments: text(called['arguments']) ?? '{}',
  }
}

function contentParts(content: JsonValue | undefined): readonly ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }]
  return isList(content) ? content.filter(isObject).map(contentPart) : []
}

function contentPart(part: JsonObject): ContentPart {
  if (typeof part['text'] === 'string') return { kind: 'text', text: part['text'] }
  if (typeof part['refusal'] === 'string') return { kind: 'text', text: part['refusal'] }
  const image = isObject(part['image_url']) ? text(part['image_url']['url']) : null
  return image === null ? { kind: 'other', what: text(part['type']) ?? 'part' } : imageOf(image)
}

function toolsOf(tools: JsonValue | undefined): readonly ToolDefinition[] {
  if (!isList(tools)) return []
  return tools.filter(isObject).flatMap((tool) => {
    const named = tool['function']
    if (!isObject(named) || typeof named['name'] !== 'string') return []
    return [
      {
        name: named['name'],
        description: text(named['description']),
        schema: isObject(named['parameters'])
          ? named['parameters']
          : { type: 'object', properties: {} },
        strict: bool(named['strict']),
      },
    ]
  })
}

function toolChoiceOf(choice: JsonValue | undefined): ToolChoice | null {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { kind: choice }
  const named =
    isObject(choice) && isObject(choice['function']) ? text(choice['function']['name']) : null
  return named === null ? null : { kind: 'one', name: named }
}

function outputOf(format: JsonValue | undefined): OutputFormat {
  if (!isObject(format)) return { kind: 'text' }
  if (format['type'] === 'json_object') return { kind: 'json' }
  const schema = format['json_schema']
  if (format['type'] !== 'json_schema' || !isObject(schema)) return { kind: 'text' }
  return {
    kind: 'schema',
    name: text(schema['name']) ?? 'answer',
    schema: isObject(schema['schema']) ? schema['schema'] : {},
    strict: bool(schema['strict']),
  }
}

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high'] as const

function reasoningOf(effort: JsonValue | undefined): Reasoning | null {
  const known = EFFORTS.find((name) => name === effort)
  return known ? { effort: known, budgetTokens: null } : null
}

const text = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' ? value : null
const number = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' ? value : null
const bool = (value: JsonValue | undefined): boolean | null =>
  typeof value === 'boolean' ? value : null
const texts = (value: JsonValue | undefined): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : isList(value)
      ? value.filter((item) => typeof item === 'string')
      : []

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import {
  PLAIN,
  type Conversation,
  type ToolDefinition,
  type Turn,
  type TurnPart,
} from '../conversation.ts'
import { isList, isObject } from '../json-body.ts'
import { CallNames } from './call-names.ts'
import { imageParts, textParts } from './images.ts'
import { COMMON_FIELDS, settingsOf } from './settings.ts'

const CHAT_FIELDS: ReadonlySet<string> = new Set([...COMMON_FIELDS, 'messages', 'tools'])

/** A chat body in the neutral form. Without messages it only loads a model, which other dialects cannot. */
export function ollamaChatToConversation(body: JsonObject): Result<Conversation, Refusal> {
  const messages = isList(body['messages']) ? body['messages'].filter(isObject) : []
  const said = messages.filter(({ role }) => role !== 'system')
  if (said.length === 0) return err({ code: 'missing-field', param: 'messages' })
  return ok({
    ...PLAIN,
    ...settingsOf(body, CHAT_FIELDS),
    system: messages
      .filter(({ role }) => role === 'system')
      .flatMap(({ content, images }) => [...textParts(content), ...imageParts(images)]),
    turns: turnsOf(said),
    tools: toolsOf(body['tools']),
  })
}

const GENERATE_FIELDS: ReadonlySet<string> = new Set([
  ...COMMON_FIELDS,
  ...'prompt system images suffix template raw context'.split(' '),
])

/** Fields that change what is asked in ways no chat can say. */
const GENERATE_ONLY = ['suffix', 'template', 'raw', 'context'] as const

/** A generate body in the neutral form: one turn. What only a bare prompt can say is refused by name. */
export function ollamaGenerateToConversation(body: JsonObject): Result<Conversation, Refusal> {
  const param = GENERATE_ONLY.find((name) => asksForSomething(body[name]))
  if (param) return err({ code: 'unsupported-parameter', param })
  const parts = [...textParts(body['prompt']), ...imageParts(body['images'])]
  if (parts.length === 0) return err({ code: 'missing-field', param: 'prompt' })
  return ok({
    ...PLAIN,
    ...settingsOf(body, GENERATE_FIELDS),
    system: textParts(body['system']),
    turns: [{ role: 'user', parts }],
  })
}

const asksForSomething = (value: JsonValue | undefined): boolean =>
  value === true ||
  (typeof value === 'string' && value !== '') ||
  (isList(value) && value.length > 0)

/** Results of tools are part of the user's turn; neighbours of one role become one turn. */
function turnsOf(messages: readonly JsonObject[]): readonly Turn[] {
  const names = new CallNames(messages)
  const turns: { role: Turn['role']; parts: TurnPart[] }[] = []
  for (const message of messages) {
    const role = message['role'] === 'assistant' ? 'assistant' : 'user'
    const parts = partsOf(message, names)
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else turns.push({ role, parts: [...parts] })
  }
  return turns
}

function partsOf(message: JsonObject, names: CallNames): readonly TurnPart[] {
  const content = [...textParts(message['content']), ...imageParts(message['images'])]
  if (message['role'] === 'tool') {
    return [
      { kind: 'tool-result', callId: names.answeredBy(message), parts: content, isError: false },
    ]
  }
  if (message['role'] !== 'assistant') return content
  const thought = message['thinking']
  const calls = isList(message['tool_calls']) ? message['tool_calls'].filter(isObject) : []
  return [
    ...(typeof thought === 'string' && thought !== ''
      ? [{ kind: 'reasoning', text: thought, signature: null } as const]
      : []),
    ...content,
    ...calls.map((call) => toolCall(call, names)),
  ]
}

function toolCall(call: JsonObject, names: CallNames): TurnPart {
  const called = isObject(call['function']) ? call['function'] : {}
  const name = typeof called['name'] === 'string' ? called['name'] : ''
  return {
    kind: 'tool-call',
    id: names.called(call['id'], name),
    name,
    arguments: JSON.stringify(called['arguments'] ?? {}),
  }
}

function toolsOf(tools: JsonValue | undefined): readonly ToolDefinition[] {
  if (!isList(tools)) return []
  return tools.filter(isObject).flatMap((tool) => {
    const named = tool['function']
    if (!isObject(named) || typeof named['name'] !== 'string') return []
    const { name, description, parameters } = named
    return [
      {
        name,
        description: typeof description === 'string' ? description : null,
        schema: isObject(parameters) ? parameters : { type: 'object', properties: {} },
        strict: null,
      },
    ]
  })
}

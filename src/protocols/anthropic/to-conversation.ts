import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import {
  PLAIN,
  type Conversation,
  type OutputFormat,
  type Reasoning,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
  type TurnPart,
} from '../conversation.ts'
import { isList, isObject } from '../json-body.ts'
import { contentParts, turnParts } from './from-blocks.ts'
import { boolOf, numberOf, objectOf, objectsOf, textOf } from './read-value.ts'

/** Fields that are read below, or that say nothing to a model. */
const MAPPED: ReadonlySet<string> = new Set(
  'model messages system stream max_tokens temperature top_p top_k stop_sequences tools tool_choice thinking metadata output_config output_format'.split(
    ' ',
  ),
)

/** Fields that reach for something only the vendor has: without them the request would mean something else. */
const REFUSED = ['mcp_servers', 'container', 'inference_geo'] as const

/** An Anthropic Messages body in the neutral form. Refuses by name what means something only to the vendor. */
export function messagesToConversation(body: JsonObject): Result<Conversation, Refusal> {
  const found = refusedField(body)
  if (found !== null) return err({ code: 'unsupported-parameter', param: found })
  const messages = objectsOf(body['messages'])
  const unmapped = Object.keys(body).filter((key) => !MAPPED.has(key) && said(body[key]))
  const choice = objectOf(body['tool_choice'])
  const isSerial = boolOf(choice['disable_parallel_tool_use'])
  return ok({
    ...PLAIN,
    system: [
      ...contentParts(body['system']),
      ...messages.filter(isSystem).flatMap(({ content }) => contentParts(content)),
    ],
    turns: turnsOf(messages.filter((message) => !isSystem(message))),
    tools: objectsOf(body['tools']).map(toolOf),
    toolChoice: toolChoiceOf(choice),
    parallelToolCalls: isSerial === null ? null : !isSerial,
    maxTokens: numberOf(body['max_tokens']),
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    topK: numberOf(body['top_k']),
    stop: isList(body['stop_sequences'])
      ? body['stop_sequences'].filter((stop) => typeof stop === 'string')
      : [],
    output: outputOf(objectOf(body['output_config'])['format'] ?? body['output_format']),
    reasoning: reasoningOf(body),
    user: textOf(objectOf(body['metadata'])['user_id']),
    unmapped: [...unmapped, ...hints(body)],
  })
}

const said = (value: JsonValue | undefined): boolean => value !== undefined && value !== null

function refusedField(body: JsonObject): string | null {
  const field = REFUSED.find((name) => said(body[name]))
  if (field) return field
  // only fills the vendor's cache: there is no answer to ask another dialect for
  if (body['max_tokens'] === 0) return 'max_tokens'
  const tools = isList(body['tools']) ? body['tools'] : []
  const vendorTool = tools.findIndex((tool) => isObject(tool) && !isCustom(tool))
  return vendorTool === -1 ? null : `tools.${vendorTool}.type`
}

const isCustom = ({ type }: JsonObject): boolean => !said(type) || type === 'custom'

const isSystem = ({ role }: JsonObject): boolean => role === 'system'

/** Neighbours of one role become one turn. */
function turnsOf(messages: readonly JsonObject[]): readonly Turn[] {
  const turns: { role: Turn['role']; parts: TurnPart[] }[] = []
  for (const { role, content } of messages) {
    const parts = turnParts(content)
    const own = role === 'assistant' ? 'assistant' : 'user'
    const last = turns.at(-1)
    if (last?.role === own) last.parts.push(...parts)
    else turns.push({ role: own, parts: [...parts] })
  }
  return turns
}

const toolOf = (tool: JsonObject): ToolDefinition => ({
  name: textOf(tool['name']) ?? '',
  description: textOf(tool['description']),
  schema: objectOf(tool['input_schema']),
  strict: boolOf(tool['strict']),
})

function toolChoiceOf(choice: JsonObject): ToolChoice | null {
  const { type, name } = choice
  if (type === 'tool' && typeof name === 'string') return { kind: 'one', name }
  if (type === 'any') return { kind: 'required' }
  return type === 'auto' || type === 'none' ? { kind: type } : null
}

/** This dialect guarantees the schema, so that the answer must be held to it. */
function outputOf(format: JsonValue | undefined): OutputFormat {
  if (!isObject(format) || format['type'] !== 'json_schema') return { kind: 'text' }
  return { kind: 'schema', name: 'answer', schema: objectOf(format['schema']), strict: true }
}

const EFFORTS: Readonly<Record<string, 'low' | 'medium' | 'high'>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
}

function reasoningOf(body: JsonObject): Reasoning | null {
  const thinking = objectOf(body['thinking'])
  const asked = textOf(objectOf(body['output_config'])['effort'])
  const effort = asked !== null && Object.hasOwn(EFFORTS, asked) ? (EFFORTS[asked] ?? null) : null
  if (thinking['type'] === 'disabled') return { effort: 'none', budgetTokens: null }
  const budgetTokens = thinking['type'] === 'enabled' ? numberOf(thinking['budget_tokens']) : null
  return effort === null && budgetTokens === null ? null : { effort, budgetTokens }
}

/** Hints below the top of the body that have no place in the neutral form. */
function hints(body: JsonObject): readonly string[] {
  const thinking = objectOf(body['thinking'])
  const isUnsaid = typeof thinking['type'] === 'string' && reasoningOf(body) === null
  const metadata = Object.keys(objectOf(body['metadata'])).filter((key) => key !== 'user_id')
  const output = Object.keys(objectOf(body['output_config'])).filter(
    (key) => key !== 'effort' && key !== 'format',
  )
  return [
    ...(isUnsaid ? ['thinking'] : []),
    ...metadata.map((key) => `metadata.${key}`),
    ...output.map((key) => `output_config.${key}`),
    ...(hasCacheMarks(body) && !said(body['cache_control']) ? ['cache_control'] : []),
  ]
}

function hasCacheMarks(body: JsonObject): boolean {
  const messages = objectsOf(body['messages'])
  const blocks = [
    ...objectsOf(body['system']),
    ...objectsOf(body['tools']),
    ...messages.flatMap(({ content }) => objectsOf(content)),
  ]
  return blocks.some((block) => said(block['cache_control']))
}

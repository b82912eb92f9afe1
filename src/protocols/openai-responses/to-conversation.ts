import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { PLAIN, type Conversation, type OutputFormat, type Reasoning } from '../conversation.ts'
import { isList, isObject } from '../json-body.ts'
import { flagOf, invalidValue, numberOf, textOf } from './fields.ts'
import { words } from './text-walk.ts'
import { choiceOf, toolsOf } from './tools.ts'
import { turnsOf } from './turns.ts'

/** Fields that are read here, that the gateway itself answers for, or that say nothing to a model. */
const MAPPED = words(
  'model input instructions stream stream_options store background tools tool_choice parallel_tool_calls max_output_tokens temperature top_p text reasoning metadata user safety_identifier include',
)

/** Values with which an unmapped field asks for nothing. */
const IDLE: Readonly<Record<string, ReadonlySet<JsonValue>>> = {
  truncation: new Set(['disabled']),
  service_tier: new Set(['auto', 'default']),
  top_logprobs: new Set([0]),
}

/** A Responses body in the neutral form. Refuses by name built-in tools, files, and items that no other dialect knows. */
export function responsesToConversation(body: JsonObject): Result<Conversation, Refusal> {
  const read = turnsOf(body['input'])
  if (!read.ok) return read
  const tools = toolsOf(body['tools'])
  if (!tools.ok) return tools
  const chosen = choiceOf(body['tool_choice'], tools.value)
  if (!chosen.ok) return chosen
  const output = outputOf(body['text'])
  if (!output.ok) return output
  const instructions = textOf(body['instructions'])
  const spoken = instructions ? [{ kind: 'text', text: instructions } as const] : []
  return ok({
    ...PLAIN,
    system: [...spoken, ...read.value.system],
    turns: read.value.turns,
    tools: chosen.value.tools,
    toolChoice: chosen.value.choice,
    parallelToolCalls: flagOf(body['parallel_tool_calls']),
    maxTokens: numberOf(body['max_output_tokens']),
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    output: output.value,
    reasoning: reasoningOf(body['reasoning']),
    user: textOf(body['safety_identifier']) ?? textOf(body['user']),
    unmapped: unmappedOf(body),
  })
}

function outputOf(text: JsonValue | undefined): Result<OutputFormat, Refusal> {
  const format = isObject(text) ? text['format'] : undefined
  if (format === undefined || format === null) return ok({ kind: 'text' })
  const type = isObject(format) ? format['type'] : null
  if (type === 'text') return ok({ kind: 'text' })
  if (type === 'json_object') return ok({ kind: 'json' })
  if (type !== 'json_schema' || !isObject(format)) {
    return err(invalidValue('text.format.type', 'text, json_object or json_schema'))
  }
  const { schema } = format
  if (!isObject(schema)) return err({ code: 'missing-field', param: 'text.format.schema' })
  const name = textOf(format['name']) ?? 'answer'
  return ok({ kind: 'schema', name, schema, strict: flagOf(format['strict']) })
}

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high'] as const

/** Above `high` there is no word that every destination knows: the highest one is asked for, and the difference told. */
const ABOVE_HIGH = words('xhigh max')

function reasoningOf(reasoning: JsonValue | undefined): Reasoning | null {
  const effort = isObject(reasoning) ? textOf(reasoning['effort']) : null
  if (effort === null) return null
  const known = ABOVE_HIGH.has(effort) ? 'high' : EFFORTS.find((name) => name === effort)
  return known ? { effort: known, budgetTokens: null } : null
}

/** Names of what is asked for and not passed on. */
function unmappedOf(body: JsonObject): readonly string[] {
  const { text, reasoning, include } = body
  const effort = isObject(reasoning) ? textOf(reasoning['effort']) : null
  const known: readonly string[] = EFFORTS
  return [
    ...Object.keys(body).filter((key) => {
      const value = body[key]
      if (MAPPED.has(key) || value === null || value === undefined) return false
      return !(Object.hasOwn(IDLE, key) && IDLE[key]?.has(value))
    }),
    ...(isObject(text) ? unknownOf(text, 'text', FORMAT_KEYS) : []),
    ...(isObject(reasoning) ? unknownOf(reasoning, 'reasoning', REASONING_KEYS) : []),
    ...(effort !== null && !known.includes(effort) ? ['reasoning.effort'] : []),
    ...(isList(include) && include.some((what) => what !== 'reasoning.encrypted_content')
      ? ['include']
      : []),
    ...(hasDetail(body['input']) ? ['detail'] : []),
  ]
}

const FORMAT_KEYS = words('format')
/** A summary is made of the thoughts that come back, whichever length was asked for. */
const REASONING_KEYS = words('effort summary')

const unknownOf = (
  value: JsonObject,
  path: string,
  known: ReadonlySet<string>,
): readonly string[] =>
  Object.keys(value).flatMap((key) =>
    known.has(key) || value[key] === null ? [] : [`${path}.${key}`],
  )

/** How closely an image is to be looked at is not said in every dialect. */
function hasDetail(input: JsonValue | undefined): boolean {
  const parts = (isList(input) ? input : []).filter(isObject).flatMap((item) => {
    const content = item['content'] ?? item['output']
    return isList(content) ? content : []
  })
  return parts.some(
    (part) => isObject(part) && textOf(part['detail']) !== null && part['detail'] !== 'auto',
  )
}

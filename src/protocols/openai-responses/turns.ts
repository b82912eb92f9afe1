import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ContentPart, Turn, TurnPart } from '../conversation.ts'
import { imageOf } from '../image.ts'
import { isList, isObject } from '../json-body.ts'
import { textOf, unsupported } from './fields.ts'
import { itemType } from './input-problem.ts'
import { words } from './text-walk.ts'

/** The input items as turns; what stands in messages of the system comes first in every other protocol. */
export interface Turns {
  readonly system: readonly ContentPart[]
  readonly turns: readonly Turn[]
}

/** Items and parts that have a name of their own in this protocol and no place in another. */
const NAMED = words(
  'input_file input_audio file_search_call web_search_call computer_call computer_call_output code_interpreter_call image_generation_call local_shell_call local_shell_call_output shell_call shell_call_output apply_patch_call apply_patch_call_output mcp_list_tools mcp_approval_request mcp_approval_response mcp_call custom_tool_call custom_tool_call_output compaction configuration_update program program_output tool_search_call tool_search_output additional_tools',
)

/** Neighbouring items of one speaker become one turn. Refuses by name what no other protocol can carry. */
export function turnsOf(input: JsonValue | undefined): Result<Turns, Refusal> {
  if (typeof input === 'string') {
    return ok({ system: [], turns: [{ role: 'user', parts: [{ kind: 'text', text: input }] }] })
  }
  const system: ContentPart[] = []
  const turns: { role: Turn['role']; parts: TurnPart[] }[] = []
  for (const [index, item] of (isList(input) ? input : []).entries()) {
    if (!isObject(item)) continue
    const read = itemParts(item, `input.${index}`)
    if (!read.ok) return read
    const { role, parts } = read.value
    if (role === 'system') {
      system.push(...parts)
      continue
    }
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else turns.push({ role, parts: [...parts] })
  }
  return ok({ system, turns })
}

type Read =
  | { readonly role: 'system'; readonly parts: readonly ContentPart[] }
  | { readonly role: 'user' | 'assistant'; readonly parts: readonly TurnPart[] }

function itemParts(item: JsonObject, path: string): Result<Read, Refusal> {
  const type = itemType(item)
  if (type === 'message') return messageParts(item, path)
  if (type === 'function_call') return ok({ role: 'assistant', parts: [callOf(item)] })
  if (type === 'reasoning') return ok({ role: 'assistant', parts: [reasoningOf(item)] })
  if (type !== 'function_call_output') return err(refused(type, path))
  const output = contentOf(item['output'], `${path}.output`)
  if (!output.ok) return output
  const callId = textOf(item['call_id']) ?? ''
  return ok({
    role: 'user',
    parts: [{ kind: 'tool-result', callId, parts: output.value, isError: false }],
  })
}

function messageParts(item: JsonObject, path: string): Result<Read, Refusal> {
  const content = contentOf(item['content'], `${path}.content`)
  if (!content.ok) return content
  if (item['role'] === 'user') return ok({ role: 'user', parts: content.value })
  if (item['role'] !== 'assistant') return ok({ role: 'system', parts: content.value })
  const refusals = (isList(item['content']) ? item['content'] : []).flatMap((part): TurnPart[] => {
    const text = isObject(part) && part['type'] === 'refusal' ? textOf(part['refusal']) : null
    return text === null ? [] : [{ kind: 'refusal', text }]
  })
  return ok({ role: 'assistant', parts: [...content.value, ...refusals] })
}

const callOf = (item: JsonObject): TurnPart => ({
  kind: 'tool-call',
  id: textOf(item['call_id']) ?? '',
  name: textOf(item['name']) ?? '',
  arguments: textOf(item['arguments']) ?? '{}',
})

/** Thoughts stand in `content`, or in `summary` where only that was shown. */
function reasoningOf(item: JsonObject): TurnPart {
  const texts = (value: JsonValue | undefined): readonly string[] =>
    (isList(value) ? value : []).flatMap((part) => {
      const text = isObject(part) ? textOf(part['text']) : null
      return text === null ? [] : [text]
    })
  const thoughts = texts(item['content'])
  const said = thoughts.length > 0 ? thoughts : texts(item['summary'])
  const signature = textOf(item['encrypted_content'])
  return { kind: 'reasoning', text: said.join('\n'), signature: signature || null }
}

function contentOf(
  content: JsonValue | undefined,
  path: string,
): Result<readonly ContentPart[], Refusal> {
  if (typeof content === 'string') return ok(content === '' ? [] : [textPart(content)])
  const parts: ContentPart[] = []
  for (const [index, part] of (isList(content) ? content : []).entries()) {
    if (!isObject(part) || part['type'] === 'refusal') continue
    const type = textOf(part['type']) ?? ''
    const image = type === 'input_image' ? textOf(part['image_url']) : null
    const text = TEXTS.has(type) ? textOf(part['text']) : null
    if (text !== null) parts.push(textPart(text))
    else if (image !== null) parts.push(imageOf(image))
    else return err(refused(type, `${path}.${index}`))
  }
  return ok(parts)
}

const TEXTS = words('input_text output_text text')

const textPart = (text: string): ContentPart => ({ kind: 'text', text })

/** By its name where that is one of the protocol, never by the caller's words. */
const refused = (type: JsonValue | undefined, path: string): Refusal =>
  unsupported(`${path}.${typeof type === 'string' && NAMED.has(type) ? type : 'type'}`)

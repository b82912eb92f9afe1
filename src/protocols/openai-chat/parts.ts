import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isList, isObject } from '../json-body.ts'
import { CHAT_ROLES } from './request.ts'

/** Enumerated strings at these names carry no text of the caller when their value is one of the list. */
const ENUMERATED: Readonly<Record<string, ReadonlySet<string>>> = {
  role: new Set(CHAT_ROLES),
  type: new Set(
    'text refusal function json_object json_schema image_url input_audio file object string number integer boolean array null'.split(
      ' ',
    ),
  ),
}

/** Figures that mean a setting, and the range in which they can mean nothing else. */
const SETTINGS: Readonly<Record<string, readonly [number, number]>> = {
  temperature: [0, 2],
  top_p: [0, 1],
  n: [1, 128],
  max_tokens: [0, 10_000_000],
  max_completion_tokens: [0, 10_000_000],
  presence_penalty: [-2, 2],
  frequency_penalty: [-2, 2],
  top_logprobs: [0, 20],
  seed: [-(2 ** 31), 2 ** 32],
}

/** Names of the chat protocol itself; any other key is text of the caller. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...Object.keys(ENUMERATED),
  ...Object.keys(SETTINGS),
  ...'model messages content name text stream stream_options include_usage stop tools tool_choice tool_calls tool_call_id function arguments description parameters properties required items enum strict additionalProperties response_format json_schema schema user metadata logprobs logit_bias parallel_tool_calls image_url url detail refusal store service_tier reasoning_effort reasoning_content'.split(
    ' ',
  ),
])

/** A part of a message; a field that a tool happens to call `content` is no such part. */
const MESSAGE_CONTENT = /^messages\.\d+\.content(?:\.\d+)*$/

/** Content parts of these types are wholly made of text that the walk below meets. */
const READABLE_PARTS: ReadonlySet<string> = new Set(['text', 'refusal'])

/**
 * Everything in a chat body that could carry text: every string, unknown key and stray number.
 * `model` is left out because the destination gets its own name for it.
 */
export function chatTextParts(body: JsonObject): readonly TextPart[] {
  const parts: TextPart[] = []
  for (const [key, value] of Object.entries(body)) {
    if (key !== 'model') walk(key, value, key, parts)
    if (!KNOWN_KEYS.has(key)) parts.push({ path: key, text: key, kind: 'key' })
  }
  return parts
}

function walk(name: string, value: JsonValue | undefined, path: string, parts: TextPart[]): void {
  if (typeof value === 'string') {
    if (!isEnumerated(name, value)) parts.push({ path, text: value, kind: 'text' })
  } else if (typeof value === 'number') {
    if (!isSetting(name, path, value)) {
      parts.push({ path, text: numberText(value), kind: 'number' })
    }
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) walk(name, item, `${path}.${index}`, parts)
  } else if (isObject(value)) {
    if (MESSAGE_CONTENT.test(path) && isUnreadable(value)) {
      parts.push({ path, text: '', kind: 'unreadable' })
    }
    for (const [key, child] of Object.entries(value)) {
      walk(key, child, `${path}.${key}`, parts)
      if (!KNOWN_KEYS.has(key)) parts.push({ path: `${path}.${key}`, text: key, kind: 'key' })
    }
  }
}

const isEnumerated = (name: string, value: string): boolean =>
  Object.hasOwn(ENUMERATED, name) && ENUMERATED[name]?.has(value) === true

/** Only at the top of the body: deeper down the same name belongs to the caller's own data. */
function isSetting(name: string, path: string, value: number): boolean {
  if (path !== name || !Object.hasOwn(SETTINGS, name)) return false
  const range = SETTINGS[name]
  return range !== undefined && value >= range[0] && value <= range[1]
}

const isUnreadable = (part: JsonObject): boolean =>
  typeof part['type'] !== 'string' || !READABLE_PARTS.has(part['type'])

/** Digits as the wire shows them, without an exponent for whole numbers. */
const numberText = (value: number): string =>
  Number.isSafeInteger(value) ? value.toFixed(0) : String(value)

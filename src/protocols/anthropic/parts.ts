import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isList, isObject } from '../json-body.ts'
import { objectsOf } from './read-value.ts'
import { MESSAGE_ROLES } from './request.ts'

const words = (text: string): readonly string[] => text.split(' ')

/** Enumerated strings at these names carry no text of the caller when their value is one of the list. */
const ENUMERATED: Readonly<Record<string, ReadonlySet<string>>> = {
  role: new Set(MESSAGE_ROLES),
  type: new Set(
    words(
      'text image document tool_use tool_result thinking redacted_thinking search_result base64 url file content custom auto any tool none enabled disabled adaptive ephemeral json_schema object string number integer boolean array null',
    ),
  ),
  media_type: new Set(
    words('image/jpeg image/png image/gif image/webp application/pdf text/plain'),
  ),
  ttl: new Set(['5m', '1h']),
  effort: new Set(words('low medium high xhigh max')),
  service_tier: new Set(['auto', 'standard_only']),
}

/** Figures that mean a setting, by their path, and the range in which they can mean nothing else. */
const SETTINGS: Readonly<Record<string, readonly [number, number]>> = {
  max_tokens: [0, 10_000_000],
  temperature: [0, 2],
  top_p: [0, 1],
  top_k: [0, 1_000_000],
  'thinking.budget_tokens': [0, 10_000_000],
}

/** Names of the Messages protocol itself; any other key is text of the caller. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...Object.keys(ENUMERATED),
  ...words(
    'model messages system max_tokens temperature top_p top_k stream stop_sequences tools tool_choice name input_schema description properties required items enum strict additionalProperties disable_parallel_tool_use thinking budget_tokens signature metadata user_id output_config output_format format schema cache_control content text source data url title context citations id input tool_use_id is_error',
  ),
])

/**
 * Everything in a Messages body that could carry text: every string, unknown key and stray number.
 * `model` is left out because the destination gets its own name for it.
 */
export function messagesTextParts(body: JsonObject): readonly TextPart[] {
  const parts: TextPart[] = []
  const unreadable = new Set<JsonValue>(unreadableBlocks(body))
  for (const [key, value] of Object.entries(body)) {
    if (key !== 'model') walk(key, value, key, parts, unreadable)
    if (!KNOWN_KEYS.has(key)) parts.push({ path: key, text: key, kind: 'key' })
  }
  return parts
}

function walk(
  name: string,
  value: JsonValue | undefined,
  path: string,
  parts: TextPart[],
  unreadable: ReadonlySet<JsonValue>,
): void {
  if (typeof value === 'string') {
    if (!isEnumerated(name, value)) parts.push({ path, text: value, kind: 'text' })
  } else if (typeof value === 'number') {
    if (!isSetting(path, value)) parts.push({ path, text: numberText(value), kind: 'number' })
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) {
      walk(name, item, `${path}.${index}`, parts, unreadable)
    }
  } else if (isObject(value)) {
    if (unreadable.has(value)) parts.push({ path, text: '', kind: 'unreadable' })
    for (const [key, child] of Object.entries(value)) {
      walk(key, child, `${path}.${key}`, parts, unreadable)
      if (!KNOWN_KEYS.has(key)) parts.push({ path: `${path}.${key}`, text: key, kind: 'key' })
    }
  }
}

/** Blocks that say more than the texts in them: images, files, what is encrypted, and what nobody knows yet. */
function unreadableBlocks(body: JsonObject): readonly JsonObject[] {
  const messages = objectsOf(body['messages'])
  return [body['system'], ...messages.map(({ content }) => content)].flatMap(unreadableIn)
}

const unreadableIn = (content: JsonValue | undefined): readonly JsonObject[] =>
  objectsOf(content).flatMap((block) =>
    isReadable(block) ? innerContent(block).flatMap(unreadableIn) : [block],
  )

/** What a block holds that is a list of blocks itself. */
function innerContent(block: JsonObject): readonly (JsonValue | undefined)[] {
  const { source } = block
  return isObject(source) ? [block['content'], source['content']] : [block['content']]
}

/** Block types that are wholly made of text that the walk meets. */
const READABLE: ReadonlySet<string> = new Set(
  words('text thinking tool_use tool_result search_result server_tool_use'),
)

function isReadable({ type, source }: JsonObject): boolean {
  if (typeof type !== 'string') return false
  if (type !== 'document') return READABLE.has(type)
  return isObject(source) && (source['type'] === 'text' || source['type'] === 'content')
}

const isEnumerated = (name: string, value: string): boolean =>
  Object.hasOwn(ENUMERATED, name) && ENUMERATED[name]?.has(value) === true

function isSetting(path: string, value: number): boolean {
  if (!Object.hasOwn(SETTINGS, path)) return false
  const range = SETTINGS[path]
  return range !== undefined && value >= range[0] && value <= range[1]
}

/** Digits as the wire shows them, without an exponent for whole numbers. */
const numberText = (value: number): string =>
  Number.isSafeInteger(value) ? value.toFixed(0) : String(value)

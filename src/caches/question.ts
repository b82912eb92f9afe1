import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { SurfaceName } from '#protocols/surface.ts'

/** The one question of a conversation of one turn, and the request without it. */
export interface Question {
  readonly text: string
  readonly rest: JsonObject
}

/** Stands where the question was. */
const GAP = '\u0000question'

/** Null for anything but a single question in words: earlier turns, tools, several texts, pictures. */
export function questionOf(surface: SurfaceName, body: JsonObject): Question | null {
  // what a tool is called with depends on every word
  if (hasAny(body['tools']) || hasAny(body['functions'])) return null
  switch (surface) {
    case 'openai-chat':
    case 'anthropic-messages':
    case 'ollama-chat':
      return ofTurns(body, 'messages', 'content')
    case 'gemini-generate':
      return ofTurns(body, 'contents', 'parts')
    case 'openai-responses':
      return typeof body['input'] === 'string'
        ? ofField(body, 'input')
        : ofTurns(body, 'input', 'content')
    case 'openai-completions':
    case 'ollama-generate':
      return ofField(body, 'prompt')
    default:
      return null
  }
}

function ofField(body: JsonObject, name: string): Question | null {
  const text = body[name]
  return typeof text === 'string' ? { text, rest: { ...body, [name]: GAP } } : null
}

/** The last of a list of turns, when all before it are instructions. */
function ofTurns(body: JsonObject, list: string, field: string): Question | null {
  const turns = body[list]
  if (!isList(turns)) return null
  const last = turns.at(-1)
  const before = turns.slice(0, -1)
  if (!isObject(last) || (last['role'] ?? 'user') !== 'user') return null
  if (!before.every((turn) => isObject(turn) && INSTRUCTIONS.has(turn['role'] ?? null))) return null
  const said = inContent(last[field])
  if (!said) return null
  const turn = { ...last, [field]: said.rest }
  return { text: said.text, rest: { ...body, [list]: [...before, turn] } }
}

const INSTRUCTIONS: ReadonlySet<JsonValue> = new Set(['system', 'developer'])

/** A text, or a list of one text. */
function inContent(
  content: JsonValue | undefined,
): { readonly text: string; readonly rest: JsonValue } | null {
  if (typeof content === 'string') return { text: content, rest: GAP }
  if (!isList(content) || content.length !== 1) return null
  const [only] = content
  if (!isObject(only) || typeof only['text'] !== 'string') return null
  return { text: only['text'], rest: [{ ...only, text: GAP }] }
}

const hasAny = (value: JsonValue | undefined): boolean => isList(value) && value.length > 0

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value)

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

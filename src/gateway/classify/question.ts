import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isObject } from '#protocols/json-body.ts'
import { bodyReader, SURFACE_NAMES } from './body-readers.ts'

/** What offsets count: UTF-16 units, as JavaScript does, or code points, as Python does. */
export const OFFSETS = ['utf16', 'codepoints'] as const
export type Offsets = (typeof OFFSETS)[number]

/** A question for the classifier. */
export interface Question {
  readonly parts: readonly TextPart[]
  readonly quote: boolean
  readonly offsets: Offsets
}

const FIELDS: ReadonlySet<string> = new Set('text messages surface body quote offsets'.split(' '))

/** Reads `{text}`, `{messages}` or `{surface, body}`, with `quote` and `offsets`; anything else is refused by its name. */
export function readQuestion(asked: JsonObject): Result<Question, Refusal> {
  const { quote = false, offsets = 'utf16' } = asked
  // an unknown name is text of the caller, so it is not repeated
  if (Object.keys(asked).some((name) => !FIELDS.has(name))) {
    return invalid('body', `no other fields than ${[...FIELDS].join(', ')}`)
  }
  if (typeof quote !== 'boolean') return invalid('quote', 'true or false')
  const counted = OFFSETS.find((known) => known === offsets)
  if (counted === undefined) return invalid('offsets', OFFSETS.join(' or '))
  const parts = readParts(asked)
  return parts.ok ? ok({ parts: parts.value, quote, offsets: counted }) : parts
}

function readParts(asked: JsonObject): Result<readonly TextPart[], Refusal> {
  const { text, messages, surface, body } = asked
  const given = [text, messages, surface ?? body].filter((one) => one !== undefined)
  if (given.length !== 1)
    return invalid('body', 'one of `text`, `messages`, or `surface` and `body`')
  if (text !== undefined) {
    return typeof text === 'string'
      ? ok([{ path: 'text', text, kind: 'text' }])
      : invalid('text', 'a string')
  }
  if (messages !== undefined) return surfaceParts('openai', { messages }, '')
  return surfaceParts(surface, body)
}

/** The texts of a whole body of a surface; a model that is not named is `auto`. */
export function surfaceParts(
  surface: JsonValue | undefined,
  body: JsonValue | undefined,
  prefix = 'body.',
): Result<readonly TextPart[], Refusal> {
  if (surface === undefined) return err({ code: 'missing-field', param: 'surface' })
  const read = typeof surface === 'string' ? bodyReader(surface) : null
  if (!read) return invalid('surface', `a path that takes JSON, or ${SURFACE_NAMES.join(', ')}`)
  if (body === undefined) return err({ code: 'missing-field', param: 'body' })
  if (!isObject(body)) return invalid('body', 'an object')
  const parts = read({ model: 'auto', ...body })
  if (parts.ok) return parts
  const { param } = parts.error
  return param === undefined ? parts : err({ ...parts.error, param: prefix + param })
}

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

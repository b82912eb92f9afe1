import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isList, isObject } from '../json-body.ts'

/** The closed lists of one protocol: all that is not on them is text of the caller. */
export interface TextRules {
  /** Strings that say nothing at these names when their value is one of the list. */
  readonly enumerated: Readonly<Record<string, ReadonlySet<string>>>
  /** Figures at the top of the body that mean a setting, and the range in which they can mean nothing else. */
  readonly settings: Readonly<Record<string, readonly [number, number]>>
  /** Names of the protocol itself. */
  readonly keys: ReadonlySet<string>
  /** Whether this object, found under this name at this path, holds something that cannot be read as text. */
  readonly isUnreadable: (value: JsonObject, name: string, path: string) => boolean
}

/**
 * Everything in a body that could carry text: every string, unknown key and stray number. `model` is left out because
 * the destination gets its own name for it.
 */
export function textPartsOf(body: JsonObject, rules: TextRules): readonly TextPart[] {
  const parts: TextPart[] = []
  const walk = (name: string, value: JsonValue | undefined, path: string): void => {
    if (typeof value === 'string') {
      if (!isEnumerated(rules, name, value)) parts.push({ path, text: value, kind: 'text' })
    } else if (typeof value === 'number') {
      if (!isSetting(rules, name, path, value)) {
        parts.push({ path, text: digits(value), kind: 'number' })
      }
    } else if (isList(value)) {
      for (const [index, item] of value.entries()) walk(name, item, `${path}.${index}`)
    } else if (isObject(value)) {
      if (rules.isUnreadable(value, name, path)) parts.push({ path, text: '', kind: 'unreadable' })
      for (const [key, child] of Object.entries(value)) field(key, child, `${path}.${key}`)
    }
  }
  const field = (key: string, value: JsonValue | undefined, path: string): void => {
    if (path !== 'model') walk(key, value, path)
    if (!rules.keys.has(key)) parts.push({ path, text: key, kind: 'key' })
  }
  for (const [key, value] of Object.entries(body)) field(key, value, key)
  return parts
}

/** A set of the words of a text. */
export const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const isEnumerated = (rules: TextRules, name: string, value: string): boolean =>
  Object.hasOwn(rules.enumerated, name) && rules.enumerated[name]?.has(value) === true

/** Only at the top of the body: deeper down the same name belongs to the caller's own data. */
function isSetting(rules: TextRules, name: string, path: string, value: number): boolean {
  if (path !== name || !Object.hasOwn(rules.settings, name)) return false
  const range = rules.settings[name]
  return range !== undefined && value >= range[0] && value <= range[1]
}

/** Digits as the wire shows them, without an exponent for whole numbers. */
const digits = (value: number): string =>
  Number.isSafeInteger(value) ? value.toFixed(0) : String(value)

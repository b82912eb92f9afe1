import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isList, isObject } from '../json-body.ts'

/** What a surface knows of its own fields; everything else in a body is text of the caller. */
export interface KnownFields {
  /** Names of the protocol, at any depth. */
  readonly keys: ReadonlySet<string>
  /** Strings at the top of the body that mean nothing but one of these. */
  readonly enumerated: Readonly<Record<string, ReadonlySet<string>>>
  /** Figures at the top of the body that mean a setting, and their range. */
  readonly settings: Readonly<Record<string, readonly [number, number]>>
  /** True for a value that holds something no classifier here can read. */
  readonly unreadable: (name: string, value: JsonValue) => boolean
}

/** Every string, unknown key and stray number of a body; `model` is left out, the destination gets its own name for it. */
export function bodyParts(body: JsonObject, known: KnownFields): readonly TextPart[] {
  const parts: TextPart[] = []
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue
    if (key !== 'model' && !isSetting(key, value, known)) walk(key, value, key, known, parts)
    if (!known.keys.has(key)) parts.push({ path: key, text: key, kind: 'key' })
  }
  return parts
}

function isSetting(key: string, value: JsonValue, known: KnownFields): boolean {
  if (typeof value === 'string')
    return Object.hasOwn(known.enumerated, key) && known.enumerated[key]?.has(value) === true
  if (typeof value !== 'number' || !Object.hasOwn(known.settings, key)) return false
  const range = known.settings[key]
  return range !== undefined && value >= range[0] && value <= range[1]
}

function walk(
  name: string,
  value: JsonValue,
  path: string,
  known: KnownFields,
  parts: TextPart[],
): void {
  if (known.unreadable(name, value)) parts.push({ path, text: '', kind: 'unreadable' })
  if (typeof value === 'string') parts.push({ path, text: value, kind: 'text' })
  else if (typeof value === 'number') {
    // digits as the wire shows them, without an exponent for whole numbers
    const text = Number.isSafeInteger(value) ? value.toFixed(0) : String(value)
    parts.push({ path, text, kind: 'number' })
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) walk(name, item, `${path}.${index}`, known, parts)
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (child !== undefined) walk(key, child, `${path}.${key}`, known, parts)
      if (!known.keys.has(key)) parts.push({ path: `${path}.${key}`, text: key, kind: 'key' })
    }
  }
}

/** A data URL of anything but text: its bytes are not read here. */
export const isOpaqueDataUrl = (value: JsonValue): boolean =>
  typeof value === 'string' && /^\s*data:(?!text\/)/i.test(value)

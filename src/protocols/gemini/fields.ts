import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from '../json-body.ts'

/** The same name as the protocol buffers write it: `maxOutputTokens` gives `max_output_tokens`. */
export const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The same name as JSON usually writes it: `max_output_tokens` gives `maxOutputTokens`. */
export const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** A field under either of the names that the API accepts; null counts as absent (proto3 JSON). */
export function field(object: JsonObject, name: string): JsonValue | undefined {
  const value = object[name] ?? object[snakeCase(name)]
  return value === null ? undefined : value
}

/** A repeated field: the API takes a single value for a list of one. */
export function repeated(object: JsonObject, name: string): readonly JsonValue[] {
  const value = field(object, name)
  if (value === undefined) return []
  return isList(value) ? value : [value]
}

export const objects = (object: JsonObject, name: string): readonly JsonObject[] =>
  repeated(object, name).filter(isObject)

export function objectField(object: JsonObject, name: string): JsonObject | null {
  const value = field(object, name)
  return isObject(value) ? value : null
}

export function textField(object: JsonObject, name: string): string | null {
  const value = field(object, name)
  return typeof value === 'string' ? value : null
}

export function numberField(object: JsonObject, name: string): number | null {
  const value = field(object, name)
  return typeof value === 'number' ? value : null
}

/** A count of tokens; anything else says nothing. */
export function countField(object: JsonObject, name: string): number | null {
  const value = field(object, name)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from '../json-body.ts'

/** The value where it has the type, null otherwise. */
export const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' ? value : null

export const numberOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' ? value : null

export const boolOf = (value: JsonValue | undefined): boolean | null =>
  typeof value === 'boolean' ? value : null

export const objectOf = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {})

/** The objects of a list; anything else is none. */
export const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  isList(value) ? value.filter(isObject) : []

/** A count of tokens, or null where none was given. */
export const countOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isObject } from '../json-body.ts'

declare global {
  interface JSON {
    /** ECMAScript, JSON.parse source text access: a value that is written as this text. */
    rawJSON(text: string): JsonObject
  }
}

/** An object whose numbers keep their digits when it is written again, also beyond 2^53; null when the text is no JSON object. */
export function parseExactObject(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text, exactNumber) as JsonValue // the reviver yields nothing else
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function exactNumber(
  _key: string,
  value: JsonValue,
  context?: { readonly source?: string },
): JsonValue {
  if (typeof value !== 'number' || context?.source === undefined) return value
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return exact ? value : JSON.rawJSON(context.source)
}

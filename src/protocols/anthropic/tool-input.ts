import type { JsonObject } from '#kernel/canonical-json.ts'
import { isObject, parseJson } from '../json-body.ts'

/**
 * Arguments of a tool call as the object this dialect wants. Models may write text that is no object: it goes under the
 * key by which Anthropic's guide to tool streaming hands such text on.
 */
export function toolInput(text: string): JsonObject {
  if (text.trim() === '') return {}
  const value = parseJson(text)
  return isObject(value) ? value : { INVALID_JSON: text }
}

/** Whether the text is one whole JSON object, so that no further piece can belong to it. */
export const isWholeInput = (text: string): boolean => isObject(parseJson(text))

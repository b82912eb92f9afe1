import type { JsonObject } from '#kernel/canonical-json.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'

/** Tokens as the destination counted them; null where it did not say, never 0. */
export interface Usage {
  readonly promptTokens: number | null
  readonly completionTokens: number | null
}

export const NO_USAGE: Usage = { promptTokens: null, completionTokens: null }

/** The usage of an answer or of the last chunk of a stream. */
export function readUsage(answer: JsonObject): Usage {
  const usage = answer['usage']
  if (!isObject(usage)) return NO_USAGE
  return {
    promptTokens: count(usage['prompt_tokens']),
    completionTokens: count(usage['completion_tokens']),
  }
}

/** The usage of a whole (not streamed) chat answer, or null when the bytes are no such answer. */
export function readChatAnswer(bytes: Uint8Array): Usage | null {
  const text = decodeUtf8(bytes)
  const answer = text === null ? undefined : parseJson(text)
  if (!isObject(answer) || !isList(answer['choices']) || answer['choices'].length === 0) return null
  return answer['choices'].every(isObject) ? readUsage(answer) : null
}

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

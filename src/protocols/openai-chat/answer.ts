import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'

/** Whether an answer or a chunk says what was used; a null says nothing. */
export const hasUsage = (answer: JsonObject): boolean => isObject(answer['usage'])

/** The usage of an answer or of the last chunk of a stream. */
export function readUsage(answer: JsonObject): Usage {
  const usage = answer['usage']
  if (!isObject(usage)) return NO_USAGE
  const prompt = isObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {}
  const completion = isObject(usage['completion_tokens_details'])
    ? usage['completion_tokens_details']
    : {}
  return {
    promptTokens: count(usage['prompt_tokens']),
    completionTokens: count(usage['completion_tokens']),
    cachedTokens: count(prompt['cached_tokens']),
    cacheWriteTokens: count(prompt['cache_write_tokens']),
    reasoningTokens: count(completion['reasoning_tokens']),
  }
}

/** The usage of a whole (not streamed) chat answer, or null when the bytes are no such answer. */
export function readChatAnswer(bytes: Uint8Array): Usage | null {
  const text = decodeUtf8(bytes)
  const answer = text === null ? undefined : parseJson(text)
  if (!isObject(answer) || !isList(answer['choices']) || answer['choices'].length === 0) return null
  return answer['choices'].every(isObject) ? readUsage(answer) : null
}

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

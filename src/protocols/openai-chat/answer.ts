import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { isBrokenChoice } from './broken.ts'

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
  const reasoningTokens = count(completion['reasoning_tokens'])
  return {
    promptTokens: count(usage['prompt_tokens']),
    completionTokens: completionOf(usage, reasoningTokens),
    cachedTokens:
      count(prompt['cached_tokens']) ??
      // Together, and DeepSeek where it has no details
      count(usage['cached_tokens']) ??
      count(usage['prompt_cache_hit_tokens']),
    cacheWriteTokens: count(prompt['cache_write_tokens']),
    reasoningTokens,
  }
}

/** All that was written; xAI counts thoughts beside the completion, which only its total shows. */
function completionOf(usage: JsonObject, reasoningTokens: number | null): number | null {
  const completion = count(usage['completion_tokens'])
  if (completion === null || reasoningTokens === null) return completion
  const written = (count(usage['total_tokens']) ?? 0) - (count(usage['prompt_tokens']) ?? 0)
  return written === completion + reasoningTokens ? written : completion
}

/** The usage of a whole (not streamed) chat answer, or null when the bytes are no such answer. */
export function readChatAnswer(bytes: Uint8Array): Usage | null {
  const text = decodeUtf8(bytes)
  const answer = text === null ? undefined : parseJson(text)
  if (!isObject(answer) || !isList(answer['choices']) || answer['choices'].length === 0) return null
  const choices = answer['choices'].filter(isObject)
  const isWhole = choices.length === answer['choices'].length && !choices.some(isBrokenChoice)
  return isWhole ? readUsage(answer) : null
}

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

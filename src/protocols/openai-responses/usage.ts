import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { isObject } from '../json-body.ts'

/** The usage that a response object tells; nothing where it tells none. */
export function readResponsesUsage({ usage }: JsonObject): Usage {
  if (!isObject(usage)) return NO_USAGE
  const prompt = isObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {}
  const completion = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {}
  return {
    promptTokens: count(usage['input_tokens']),
    completionTokens: count(usage['output_tokens']),
    cachedTokens: count(prompt['cached_tokens']),
    cacheWriteTokens: count(prompt['cache_write_tokens']),
    reasoningTokens: count(completion['reasoning_tokens']),
  }
}

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

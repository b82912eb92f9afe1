import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Usage } from '../answer-event.ts'

/** Usage in the OpenAI dialect; its three counts are always there, the details where they are known. */
export function usageBody(usage: Usage): JsonObject {
  const prompt = usage.promptTokens ?? 0
  const completion = usage.completionTokens ?? 0
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(usage.cachedTokens === null
      ? {}
      : { prompt_tokens_details: { cached_tokens: usage.cachedTokens } }),
    ...(usage.reasoningTokens === null
      ? {}
      : { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
  }
}

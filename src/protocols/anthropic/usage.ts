import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { isObject } from '../json-body.ts'
import { countOf, objectOf } from './read-value.ts'

/** The counters of an answer as Anthropic writes them; those of a stream are cumulative. */
export interface Counters {
  /** Without what was read from or written to a cache. */
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
  readonly thinking: number | null
}

export const NO_COUNTERS: Counters = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite: null,
  thinking: null,
}

/** The counters after one more `usage` object: what it says replaces what was known. */
export function withUsage(known: Counters, holder: JsonObject): Counters {
  const { usage } = holder
  if (!isObject(usage)) return known
  return {
    input: countOf(usage['input_tokens']) ?? known.input,
    output: countOf(usage['output_tokens']) ?? known.output,
    cacheRead: countOf(usage['cache_read_input_tokens']) ?? known.cacheRead,
    cacheWrite: countOf(usage['cache_creation_input_tokens']) ?? known.cacheWrite,
    thinking:
      countOf(objectOf(usage['output_tokens_details'])['thinking_tokens']) ?? known.thinking,
  }
}

/** Neutral usage: cached tokens are part of the prompt. */
export function usageOf(counters: Counters): Usage {
  if (counters === NO_COUNTERS) return NO_USAGE
  const { input, output, cacheRead, cacheWrite, thinking } = counters
  return {
    promptTokens: input === null ? null : input + (cacheRead ?? 0) + (cacheWrite ?? 0),
    completionTokens: output,
    cachedTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    reasoningTokens: thinking,
  }
}

/** A `usage` object for callers: `input_tokens` excludes cached tokens; a count nobody gave is 0 where a figure is a must. */
export function usageBody(usage: Usage): JsonObject {
  const { promptTokens, completionTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage
  const cached = (cachedTokens ?? 0) + (cacheWriteTokens ?? 0)
  return {
    input_tokens: Math.max(0, (promptTokens ?? 0) - cached),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: completionTokens ?? 0,
    ...(reasoningTokens === null
      ? {}
      : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  }
}

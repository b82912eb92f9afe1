import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'

/** The usage in the last line of an answer, or null when it says nothing: a cached prompt has no count. */
export function readOllamaUsage(last: JsonObject): Usage | null {
  const promptTokens = count(last['prompt_eval_count'])
  const completionTokens = count(last['eval_count'])
  if (promptTokens === null && completionTokens === null) return null
  return { ...NO_USAGE, promptTokens, completionTokens }
}

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

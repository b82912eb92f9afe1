import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { countField, field, objectField, objects, textField } from './fields.ts'

/** Whether an answer or a chunk says what was used. */
export const hasUsage = (answer: JsonObject): boolean =>
  objectField(answer, 'usageMetadata') !== null

/** The usage of an answer, cumulative in a stream. Google counts thoughts apart from the candidates; here they are included. */
export function readUsage(answer: JsonObject): Usage {
  const usage = objectField(answer, 'usageMetadata')
  if (!usage) return NO_USAGE
  const prompt = countField(usage, 'promptTokenCount')
  const toolUse = countField(usage, 'toolUsePromptTokenCount') ?? 0
  const thoughts = countField(usage, 'thoughtsTokenCount')
  const candidates = countField(usage, 'candidatesTokenCount')
  const total = countField(usage, 'totalTokenCount')
  // a count of zero is left out of the JSON form
  const rest = total === null || prompt === null ? null : Math.max(0, total - prompt - toolUse)
  return {
    promptTokens: prompt === null ? null : prompt + toolUse,
    completionTokens: candidates === null ? (thoughts ?? rest) : candidates + (thoughts ?? 0),
    cachedTokens: countField(usage, 'cachedContentTokenCount'),
    cacheWriteTokens: null,
    reasoningTokens: thoughts,
  }
}

/** Why a candidate ended, as the API says it, or null while it goes on. */
export function finishOf(candidate: JsonObject): string | null {
  const reason = textField(candidate, 'finishReason')
  return reason === null || reason === 'FINISH_REASON_UNSPECIFIED' ? null : reason
}

/** The prompt itself was blocked, so there is no candidate. */
export const isBlocked = (answer: JsonObject): boolean =>
  textField(objectField(answer, 'promptFeedback') ?? {}, 'blockReason') !== null

export const indexOf = (candidate: JsonObject): number => countField(candidate, 'index') ?? 0

/** Whether this is an answer of the API at all. */
export const isAnswer = (answer: JsonObject): boolean =>
  field(answer, 'error') === undefined &&
  (objects(answer, 'candidates').length > 0 || isBlocked(answer))

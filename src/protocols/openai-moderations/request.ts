import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'

export interface ModerationsRequest {
  readonly model: string
  /** Results that the answer must hold: one per text, one for a list of parts. */
  readonly count: number
  readonly body: JsonObject
}

/** What this protocol means when no model is named. */
export const DEFAULT_MODEL = 'omni-moderation-latest'

/** Inputs per request. */
export const MAX_INPUTS = 2048

/** Checks the fields that the gateway itself needs; unknown fields survive untouched. */
export function readModerationsRequest(body: JsonObject): Result<ModerationsRequest, Refusal> {
  const { input } = body
  const model = body['model'] ?? DEFAULT_MODEL
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  if (input === undefined) return err({ code: 'missing-field', param: 'input' })
  if (typeof input === 'string') return ok({ model, count: 1, body })
  if (!isList(input) || input.length === 0 || input.length > MAX_INPUTS)
    return invalid('input', EXPECTED)
  if (input.every((item) => typeof item === 'string'))
    return ok({ model, count: input.length, body })
  return input.every(isPart) ? ok({ model, count: 1, body }) : invalid('input', EXPECTED)
}

const EXPECTED = `a text, or a list of 1 to ${MAX_INPUTS} texts or parts`

const isPart = (item: JsonValue): boolean => isObject(item) && typeof item['type'] === 'string'

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

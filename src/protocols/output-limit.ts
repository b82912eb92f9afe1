import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'

/** Where the surfaces say how long an answer may be, tokens. */
const FIELDS = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'] as const

/** The most tokens that a request lets its answers have, all of them together; null: it does not say. */
export function outputLimitOf(body: JsonObject): number | null {
  const limit =
    FIELDS.map((name) => countAt(body, name)).find((found) => found !== null) ??
    countAt(objectAt(body, 'options'), 'num_predict') ??
    countAt(objectAt(body, 'generationConfig'), 'maxOutputTokens')
  return limit === null ? null : limit * (countAt(body, 'n') ?? 1)
}

function objectAt(body: JsonObject, name: string): JsonObject {
  const value = body[name]
  return isObject(value) ? value : {}
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function countAt(body: JsonObject, name: string): number | null {
  const value = body[name]
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null
}

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList } from '../json-body.ts'

/** How vectors are written: JSON numbers, or base64 of little-endian float32. */
export type EncodingFormat = 'float' | 'base64'

export interface EmbeddingsRequest {
  readonly model: string
  /** Vectors that the answer must hold. */
  readonly count: number
  /** Tokens instead of texts: nobody here can read them. */
  readonly isTokens: boolean
  readonly format: EncodingFormat
  /** Asked length of each vector; null: the model's own. */
  readonly dimensions: number | null
  readonly body: JsonObject
}

/** Texts per request, the limit that clients of this protocol know. */
export const MAX_INPUTS = 2048

/** Checks the fields that the gateway itself needs; unknown fields survive untouched. */
export function readEmbeddingsRequest(body: JsonObject): Result<EmbeddingsRequest, Refusal> {
  const { model, encoding_format: format = null, dimensions = null } = body
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  const input = readInput(body['input'])
  if (!input.ok) return input
  if (format !== null && format !== 'float' && format !== 'base64')
    return invalid('encoding_format', '`float` or `base64`')
  if (dimensions !== null && !isCount(dimensions))
    return invalid('dimensions', 'a whole number, at least 1')
  return ok({ model, ...input.value, format: format ?? 'float', dimensions, body })
}

function readInput(
  input: JsonValue | undefined,
): Result<Pick<EmbeddingsRequest, 'count' | 'isTokens'>, Refusal> {
  if (input === undefined) return err({ code: 'missing-field', param: 'input' })
  if (typeof input === 'string') {
    return input === '' ? invalid('input', EXPECTED) : ok({ count: 1, isTokens: false })
  }
  if (!isList(input) || input.length === 0) return invalid('input', EXPECTED)
  if (input.every(isToken)) return ok({ count: 1, isTokens: true })
  if (input.length > MAX_INPUTS) return invalid('input', `at most ${MAX_INPUTS} texts`)
  const isTexts = input.every((item) => typeof item === 'string' && item !== '')
  const isTokens = input.every((item) => isList(item) && item.length > 0 && item.every(isToken))
  return isTexts || isTokens ? ok({ count: input.length, isTokens }) : invalid('input', EXPECTED)
}

const EXPECTED = 'a text that is not empty, or a list of them'

const isToken = (value: JsonValue): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isCount = (value: JsonValue): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

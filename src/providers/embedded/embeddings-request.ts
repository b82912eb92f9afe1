import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'

/** An embeddings request that this engine can honour in full. */
export interface EmbeddingsRequest {
  readonly model: string
  readonly texts: readonly string[]
  readonly format: 'float' | 'base64'
  /** Null: the model's own. */
  readonly dimensions: number | null
}

/** Texts per request. */
const MAX_TEXTS = 2048

const READ = new Set(['model', 'input', 'encoding_format', 'dimensions', 'user'])

/** Reads the body of POST /v1/embeddings. Tokens of another vocabulary mean nothing here and are refused. */
export function readEmbeddingsRequest(body: unknown): Result<EmbeddingsRequest, Refusal> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return invalid('body', 'a JSON object')
  const fields = body as Readonly<Record<string, unknown>> // an object, checked above
  const stray = Object.entries(fields).find(
    ([name, value]) => !READ.has(name) && value !== undefined && value !== null,
  )
  if (stray) {
    const param = /^[\w-]{1,64}$/.test(stray[0]) ? stray[0] : 'unknown field'
    return err({ code: 'unsupported-parameter', param })
  }
  const { model, encoding_format: format, dimensions } = fields
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  const texts = readTexts(fields['input'])
  if (!texts.ok) return texts
  if (!isNothing(format) && format !== 'float' && format !== 'base64')
    return invalid('encoding_format', '`float` or `base64`')
  if (!isNothing(dimensions) && (!Number.isSafeInteger(dimensions) || Number(dimensions) < 1))
    return invalid('dimensions', 'a whole number, at least 1')
  return ok({
    model,
    texts: texts.value,
    format: format === 'base64' ? 'base64' : 'float',
    dimensions: typeof dimensions === 'number' ? dimensions : null,
  })
}

function readTexts(input: unknown): Result<readonly string[], Refusal> {
  if (isNothing(input)) return err({ code: 'missing-field', param: 'input' })
  const list: readonly unknown[] = Array.isArray(input) ? input : [input]
  if (list.length > 0 && list.every((item) => typeof item === 'number' || Array.isArray(item)))
    return err({ code: 'unsupported-parameter', param: 'input' })
  const texts = list.filter((item) => typeof item === 'string' && item !== '')
  if (texts.length === 0 || texts.length !== list.length || texts.length > MAX_TEXTS)
    return invalid('input', `a text that is not empty, or a list of 1 to ${MAX_TEXTS} of them`)
  return ok(texts.filter((text) => typeof text === 'string'))
}

const isNothing = (value: unknown): value is null | undefined =>
  value === undefined || value === null

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'
import { invalid } from './problem.ts'

/** A request for vectors, in either of the two forms that this protocol has had. */
export interface OllamaEmbedRequest {
  readonly model: string
  /** Where it came and where servers of the same dialect take it. */
  readonly path: '/api/embed' | '/api/embeddings'
  /** One vector each. */
  readonly texts: readonly string[]
  /** Asked length of each vector; null: the model's own. */
  readonly dimensions: number | null
  readonly body: JsonObject
}

/** Checks a body of `/api/embed`: one text or a list of them; an empty text alone asks for nothing. */
export function readOllamaEmbed(body: JsonObject): Result<OllamaEmbedRequest, Refusal> {
  const { input, dimensions = null } = body
  if (input === undefined) return err({ code: 'missing-field', param: 'input' })
  const texts = typeof input === 'string' ? [input].filter((text) => text !== '') : textList(input)
  if (texts === null) return err(invalid('input', 'a text or a list of texts'))
  if (dimensions !== null && !isCount(dimensions))
    return err(invalid('dimensions', 'a whole number, at least 1'))
  return readCommon(body, { path: '/api/embed', texts, dimensions })
}

/** Checks a body of the older `/api/embeddings`: one prompt, one vector. */
export function readOllamaEmbeddings(body: JsonObject): Result<OllamaEmbedRequest, Refusal> {
  const { prompt } = body
  if (prompt === undefined) return err({ code: 'missing-field', param: 'prompt' })
  if (typeof prompt !== 'string') return err(invalid('prompt', 'a string'))
  return readCommon(body, { path: '/api/embeddings', texts: [prompt], dimensions: null })
}

/** The texts of a body that has been checked. */
export function textsOf({ input, prompt }: JsonObject): readonly string[] {
  const given = input ?? prompt
  if (isList(given)) return given.filter((text) => typeof text === 'string')
  return typeof given === 'string' && (given !== '' || input === undefined) ? [given] : []
}

function readCommon(
  body: JsonObject,
  read: Pick<OllamaEmbedRequest, 'path' | 'texts' | 'dimensions'>,
): Result<OllamaEmbedRequest, Refusal> {
  const { model, options = null, truncate = null } = body
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return err(invalid('model', 'a model name'))
  if (options !== null && !isObject(options)) return err(invalid('options', 'an object'))
  if (truncate !== null && typeof truncate !== 'boolean')
    return err(invalid('truncate', 'true or false'))
  return ok({ model, ...read, body })
}

function textList(input: JsonValue): readonly string[] | null {
  if (!isList(input)) return null
  const texts = input.filter((text) => typeof text === 'string')
  return texts.length === input.length ? texts : null
}

const isCount = (value: JsonValue): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1

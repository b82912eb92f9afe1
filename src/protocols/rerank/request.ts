import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'

export interface RerankRequest {
  readonly model: string
  readonly documents: readonly (string | JsonObject)[]
  /** Null: all of them. */
  readonly topN: number | null
  /** Null: as the destination does by itself. */
  readonly returnDocuments: boolean | null
  readonly body: JsonObject
  /** The body has other texts than `documents`: what a destination shows of them is not what was given. */
  readonly isRewritten?: boolean
}

/** Documents per request. */
export const MAX_DOCUMENTS = 10_000

/** Checks the fields that the gateway itself needs (Cohere v2 and Jina agree on them); unknown fields survive untouched. */
export function readRerankRequest(body: JsonObject): Result<RerankRequest, Refusal> {
  const { model, query, documents, top_n: topN = null, return_documents: given = null } = body
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  if (query === undefined) return err({ code: 'missing-field', param: 'query' })
  if (!isQuery(query)) return invalid('query', 'a text that is not empty')
  if (documents === undefined) return err({ code: 'missing-field', param: 'documents' })
  if (!isList(documents) || documents.length === 0 || documents.length > MAX_DOCUMENTS)
    return invalid('documents', `1 to ${MAX_DOCUMENTS} documents`)
  const wrong = documents.findIndex((document) => !isDocument(document))
  if (wrong >= 0) return invalid(`documents.${wrong}`, 'a text or an object')
  if (topN !== null && (typeof topN !== 'number' || !Number.isSafeInteger(topN) || topN < 1))
    return invalid('top_n', 'a whole number, at least 1')
  if (given !== null && typeof given !== 'boolean')
    return invalid('return_documents', 'true or false')
  const kept = documents.filter(isDocument)
  return ok({ model, documents: kept, topN, returnDocuments: given, body })
}

const isDocument = (value: JsonValue): value is string | JsonObject =>
  typeof value === 'string' || isObject(value)

/** Some models take an image as query. */
const isQuery = (query: JsonValue): boolean =>
  (typeof query === 'string' && query !== '') || isObject(query)

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

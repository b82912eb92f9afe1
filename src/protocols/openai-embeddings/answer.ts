import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import type { EmbeddingsRequest } from './request.ts'
import { readVector, type WrittenVector } from './vectors.ts'

/** An answer as the caller gets it. */
export interface EmbeddingsAnswer {
  readonly bytes: Uint8Array
  readonly usage: Usage
}

interface Row {
  readonly index: number
  readonly fields: JsonObject
  readonly vector: WrittenVector
}

/**
 * Reads an embeddings answer: one vector per input, each once, of the asked length, in the order of the inputs and in
 * the asked form. Null when the bytes are no such answer: wrong vectors would be worse than none.
 */
export function readEmbeddingsAnswer(
  bytes: Uint8Array,
  request: Pick<EmbeddingsRequest, 'count' | 'format' | 'dimensions'>,
): EmbeddingsAnswer | null {
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  if (!isObject(body) || !isList(body['data'])) return null
  const rows = readRows(body['data'], request)
  if (rows === null) return null
  const usage = readUsage(body['usage'])
  const asAsked = rows.every(
    ({ index, vector }, place) => index === place && vector.format === request.format,
  )
  if (asAsked && body['object'] === 'list' && isObject(body['usage'])) return { bytes, usage }
  const data = rows
    .toSorted((a, b) => a.index - b.index)
    .map(({ fields, index, vector }) => ({
      ...fields,
      object: 'embedding',
      index,
      embedding: vector.as(request.format),
    }))
  const written = { ...body, object: 'list', data, usage: usageBody(body['usage'], usage) }
  return { bytes: Buffer.from(JSON.stringify(written)), usage }
}

function readRows(
  data: readonly JsonValue[],
  { count, dimensions }: Pick<EmbeddingsRequest, 'count' | 'dimensions'>,
): readonly Row[] | null {
  if (data.length !== count) return null
  const rows: Row[] = []
  const seen = new Set<number>()
  let length = dimensions
  for (const [place, fields] of data.entries()) {
    if (!isObject(fields)) return null
    const { index = place } = fields
    const vector = readVector(fields['embedding'])
    if (vector === null || typeof index !== 'number' || seen.has(index)) return null
    if (!Number.isInteger(index) || index < 0 || index >= count) return null
    length ??= vector.length
    if (vector.length !== length) return null
    seen.add(index)
    rows.push({ index, fields, vector })
  }
  return rows
}

function readUsage(usage: JsonValue | undefined): Usage {
  const prompt = isObject(usage) ? usage['prompt_tokens'] : null
  const isCount = typeof prompt === 'number' && Number.isSafeInteger(prompt) && prompt >= 0
  return isCount ? { ...NO_USAGE, promptTokens: prompt, completionTokens: 0 } : NO_USAGE
}

/** Clients read both counts, also of servers that give none. */
function usageBody(given: JsonValue | undefined, { promptTokens }: Usage): JsonObject {
  const tokens = promptTokens ?? 0
  return { prompt_tokens: tokens, total_tokens: tokens, ...(isObject(given) ? given : {}) }
}

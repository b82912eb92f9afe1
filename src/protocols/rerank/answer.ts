import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import type { RerankRequest } from './request.ts'

export interface RerankAnswer {
  readonly bytes: Uint8Array
  readonly usage: Usage
}

/** Fills in what an answer may lack. */
export interface RerankNaming {
  readonly id: string
}

interface Scored {
  readonly index: number
  readonly score: number
  readonly document: JsonValue | undefined
}

/**
 * Reads an answer of Cohere, Jina, vLLM or llama.cpp: best first, at most `top_n`, each `index` a place in the request.
 * Null when the bytes are no such answer.
 */
export function readRerankAnswer(
  bytes: Uint8Array,
  request: RerankRequest,
  naming: RerankNaming,
): RerankAnswer | null {
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  if (!isObject(body)) return null
  // some servers use the list's name of other OpenAI answers
  const { results: named, data, ...rest } = body
  const scored = readResults(named ?? data, request)
  if (scored === null) return null
  const results = scored
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, request.topN ?? undefined)
    .map((result) => written(result, request))
  const usage = readUsage(body)
  const answer = {
    id: naming.id,
    model: request.model,
    ...rest,
    results,
    usage: usageBody(body['usage'], usage),
  }
  return { bytes: Buffer.from(JSON.stringify(answer)), usage }
}

function readResults(
  list: JsonValue | undefined,
  { documents, topN }: RerankRequest,
): readonly Scored[] | null {
  if (!isList(list) || list.length < Math.min(topN ?? documents.length, documents.length))
    return null
  const seen = new Set<number>()
  const scored: Scored[] = []
  for (const item of list) {
    if (!isObject(item)) return null
    const { index, relevance_score: score = item['score'], document } = item
    if (typeof index !== 'number' || !Number.isInteger(index) || seen.has(index)) return null
    if (index < 0 || index >= documents.length || typeof score !== 'number') return null
    seen.add(index)
    scored.push({ index, score, document })
  }
  return scored
}

function written({ index, score, document }: Scored, request: RerankRequest): JsonObject {
  const own = request.documents[index]
  const shown = typeof own === 'string' ? { text: own } : own
  const given = request.isRewritten && document !== undefined ? shown : document
  const wanted = request.returnDocuments === true ? shown : given
  return {
    index,
    relevance_score: score,
    ...(request.returnDocuments === false || wanted === undefined ? {} : { document: wanted }),
  }
}

function readUsage(body: JsonObject): Usage {
  const { usage, meta } = body
  const tokens = isObject(meta) && isObject(meta['tokens']) ? meta['tokens']['input_tokens'] : null
  const counts = isObject(usage)
    ? [usage['prompt_tokens'], usage['total_tokens'], tokens]
    : [tokens]
  const count = counts.find(
    (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
  )
  return typeof count === 'number'
    ? { ...NO_USAGE, promptTokens: count, completionTokens: 0 }
    : NO_USAGE
}

const usageBody = (given: JsonValue | undefined, { promptTokens }: Usage): JsonObject => ({
  ...(promptTokens === null ? {} : { prompt_tokens: promptTokens, total_tokens: promptTokens }),
  ...(isObject(given) ? given : {}),
})

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { readEmbeddingsAnswer } from '../openai-embeddings/answer.ts'
import { readVector } from '../openai-embeddings/vectors.ts'
import type { OllamaEmbedRequest } from './embed-request.ts'
import { readOllamaUsage } from './usage.ts'

interface EmbedAnswer {
  readonly bytes: Uint8Array
  readonly usage: Usage
}

/**
 * An answer of a server of this dialect, passed on as it is: one vector per text, all of one length. Null when the
 * bytes are no such answer: wrong vectors would be worse than none.
 */
export function readOwnVectors(bytes: Uint8Array, request: OllamaEmbedRequest): EmbedAnswer | null {
  const body = objectOf(bytes)
  if (body === null || body['error'] !== undefined) return null
  const vectors = request.path === '/api/embed' ? body['embeddings'] : [body['embedding'] ?? null]
  // servers leave the list out when there was no text
  const list = vectors === undefined && request.texts.length === 0 ? [] : vectors
  return isList(list) && areVectors(list, request) ? { bytes, usage: usageOf(body) } : null
}

function areVectors(
  vectors: readonly JsonValue[],
  { texts, dimensions }: OllamaEmbedRequest,
): boolean {
  if (vectors.length !== texts.length) return false
  const lengths = vectors.map((value) => (isList(value) ? (readVector(value)?.length ?? 0) : 0))
  const length = dimensions ?? lengths[0]
  return lengths.every((one) => one > 0 && one === length)
}

/** An answer of an OpenAI server in the words of this dialect, or null when it is none. */
export function readOpenAiVectors(
  bytes: Uint8Array,
  request: OllamaEmbedRequest,
  totalNanoseconds: () => number,
): EmbedAnswer | null {
  const { texts, dimensions } = request
  const asked = { count: texts.length, format: 'float', dimensions } as const
  const answer = readEmbeddingsAnswer(bytes, asked)
  const body = answer && objectOf(answer.bytes)
  if (!answer || !body) return null
  const rows = isList(body['data']) ? body['data'].filter(isObject) : []
  const embeddings = rows.map((row) => row['embedding'])
  const { promptTokens } = answer.usage
  const written: JsonObject =
    request.path === '/api/embeddings'
      ? { embedding: embeddings[0] }
      : {
          model: body['model'] ?? request.model,
          embeddings: embeddings.filter((vector) => vector !== undefined),
          total_duration: totalNanoseconds(),
          load_duration: 0,
          ...(promptTokens === null ? {} : { prompt_eval_count: promptTokens }),
        }
  return { bytes: Buffer.from(JSON.stringify(written)), usage: answer.usage }
}

const usageOf = (body: JsonObject): Usage => {
  const usage = readOllamaUsage(body)
  return usage ? { ...usage, completionTokens: 0 } : NO_USAGE
}

function objectOf(bytes: Uint8Array): JsonObject | null {
  const text = decodeUtf8(bytes)
  const value = text === null ? undefined : parseJson(text)
  return isObject(value) ? value : null
}

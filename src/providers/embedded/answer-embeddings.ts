import { toBase64 } from '#protocols/openai-embeddings/vectors.ts'
import { readEmbeddingsRequest } from './embeddings-request.ts'
import { sendJson, sendRefusal, weightsOf, type Exchange, type ServerPorts } from './http-answer.ts'

/** Answers POST /v1/embeddings. */
export async function answerEmbeddings(
  ports: ServerPorts,
  exchange: Exchange,
  body: unknown,
): Promise<void> {
  const { response, signal } = exchange
  const request = readEmbeddingsRequest(body)
  if (!request.ok) return sendRefusal(response, request.error)
  const embedded = await ports.embeddings.embed({
    request: request.value,
    weights: weightsOf(exchange),
    signal,
  })
  if (!embedded.ok) return sendRefusal(response, embedded.error)
  const { vectors, promptTokens } = embedded.value
  const { format, model } = request.value
  sendJson(response, 200, {
    object: 'list',
    model,
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'base64' ? toBase64(vector) : vector,
    })),
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  })
}

import * as z from 'zod/mini'
import { ApiError, localFailure, readFailure } from './failure.ts'
import type { Http } from './http.ts'
import { readReceipt } from './receipt.ts'
import type { Receipt } from './receipt.ts'
import { sseEvents } from './sse.ts'

/** One message of a conversation, as the OpenAI chat API names it. */
export interface ChatMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** A piece of an answer, in the order it arrives: one receipt, texts, one end. */
export type ChatPart =
  | { readonly kind: 'receipt'; readonly receipt: Receipt | null }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly finish: string | null }

const Chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.nullish(z.object({ content: z.nullish(z.string()) })),
      finish_reason: z.nullish(z.string()),
    }),
  ),
})

interface ChunkRead {
  readonly text: string
  readonly finish: string | null
}

/** The text and finish reason of one chunk. @throws ApiError when the chunk tells an error or is no chunk. */
export function readChunk(data: string): ChunkRead {
  let body: unknown
  try {
    body = JSON.parse(data)
  } catch {
    throw new ApiError(localFailure('unexpected-answer'), 200)
  }
  const failure = readFailure(body)
  if (failure !== null) throw new ApiError(failure, 200)
  const chunk = Chunk.safeParse(body)
  if (!chunk.success) throw new ApiError(localFailure('unexpected-answer'), 200)
  const choice = chunk.data.choices[0]
  return { text: choice?.delta?.content ?? '', finish: choice?.finish_reason ?? null }
}

/** Asks and streams the answer. @throws ApiError on a refusal, and when the stream breaks off before its end. */
export async function* chat(
  http: Http,
  request: { readonly model: string; readonly messages: readonly ChatMessage[] },
  signal: AbortSignal,
): AsyncGenerator<ChatPart, void, void> {
  const response = await http.open({
    method: 'POST',
    path: '/v1/chat/completions',
    body: { ...request, stream: true },
    accept: 'text/event-stream',
    signal,
  })
  yield { kind: 'receipt', receipt: readReceipt(response.headers) }
  let finish: string | null = null
  for await (const { data } of sseEvents(response)) {
    if (data === '[DONE]') {
      yield { kind: 'end', finish }
      return
    }
    const chunk = readChunk(data)
    if (chunk.text !== '') yield { kind: 'text', text: chunk.text }
    finish = chunk.finish ?? finish
  }
  // A clean end is announced; anything else is an answer cut short.
  throw new ApiError(localFailure('stream-interrupted'), 200)
}

import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { USUAL_VERSION } from '#protocols/anthropic/headers.ts'
import { countTokensSurface } from '#protocols/anthropic/count-tokens.ts'
import { readCountRequest, readMessagesRequest } from '#protocols/anthropic/request.ts'
import { messagesSurface } from '#protocols/anthropic/surface.ts'
import { readGeminiRequest } from '#protocols/gemini/request.ts'
import { geminiSurface } from '#protocols/gemini/surface.ts'
import { isGeminiPath } from '#protocols/gemini/target.ts'
import { readOllamaEmbed, readOllamaEmbeddings } from '#protocols/ollama/embed-request.ts'
import { ollamaEmbedSurface } from '#protocols/ollama/embed-surface.ts'
import { readOllamaChat, readOllamaGenerate } from '#protocols/ollama/request.ts'
import { ollamaChatSurface, ollamaGenerateSurface } from '#protocols/ollama/surface.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { readCompletionsRequest } from '#protocols/openai-completions/request.ts'
import { completionsSurface } from '#protocols/openai-completions/surface.ts'
import { readEmbeddingsRequest } from '#protocols/openai-embeddings/request.ts'
import { embeddingsSurface } from '#protocols/openai-embeddings/surface.ts'
import { readImageRequest, readSpeechRequest } from '#protocols/openai-media/surface.ts'
import { readModerationsRequest } from '#protocols/openai-moderations/request.ts'
import { moderationsSurface } from '#protocols/openai-moderations/surface.ts'
import { readResponsesRequest } from '#protocols/openai-responses/request.ts'
import { responsesSurface } from '#protocols/openai-responses/surface.ts'
import { readRerankRequest } from '#protocols/rerank/request.ts'
import { rerankSurface } from '#protocols/rerank/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'

type ReadParts = (body: JsonObject) => Result<readonly TextPart[], Refusal>

/** What a surface names its answer with; nothing is answered here. */
const NAMING = { id: 'classify', createdSeconds: 0 }
const TIMING = { createdSeconds: 0, elapsed: (): number => 0 }
const ANTHROPIC = { version: USUAL_VERSION, betas: [] }
const GEMINI_TARGET = { model: 'auto', method: 'generateContent', alt: 'json' } as const

/** A reader and the surface it makes, as one function from a body to the texts that a request would be judged by. */
const reads =
  <T>(
    read: (body: JsonObject) => Result<T, Refusal>,
    surface: (request: T) => SurfaceRequest,
  ): ReadParts =>
  (body) => {
    const request = read(body)
    return request.ok ? ok(surface(request.value).textParts()) : request
  }

const same = (request: SurfaceRequest): SurfaceRequest => request
const rerank = reads(readRerankRequest, (request) => rerankSurface(request, NAMING))
const gemini = reads(
  (body) => readGeminiRequest(GEMINI_TARGET, body),
  (request) => geminiSurface(request, NAMING.id),
)

/** By the path as its route is written: every surface that takes JSON. */
export const BODY_READERS: Readonly<Record<string, ReadParts>> = {
  '/v1/chat/completions': reads(readChatRequest, (request) => chatSurface(request, NAMING)),
  '/v1/completions': reads(readCompletionsRequest, (request) =>
    completionsSurface(request, NAMING),
  ),
  '/v1/responses': reads(readResponsesRequest, (request) => responsesSurface(request, NAMING)),
  '/v1/embeddings': reads(readEmbeddingsRequest, embeddingsSurface),
  '/v1/moderations': reads(readModerationsRequest, moderationsSurface),
  '/v1/images/generations': reads(readImageRequest, same),
  '/v1/audio/speech': reads(readSpeechRequest, same),
  '/v1/rerank': rerank,
  '/v2/rerank': rerank,
  '/v1/messages': reads(readMessagesRequest, (request) =>
    messagesSurface(request, NAMING.id, ANTHROPIC),
  ),
  '/v1/messages/count_tokens': reads(readCountRequest, (request) =>
    countTokensSurface(request, ANTHROPIC),
  ),
  '/api/chat': reads(readOllamaChat, (request) => ollamaChatSurface(request, TIMING)),
  '/api/generate': reads(readOllamaGenerate, (request) => ollamaGenerateSurface(request, TIMING)),
  '/api/embed': reads(readOllamaEmbed, (request) => ollamaEmbedSurface(request, TIMING.elapsed)),
  '/api/embeddings': reads(readOllamaEmbeddings, (request) =>
    ollamaEmbedSurface(request, TIMING.elapsed),
  ),
  '/v1beta/models/*': gemini,
  '/v1/models/*': gemini,
}

/** Short names, and those that the ledger knows. */
const PATHS: Readonly<Record<string, string>> = {
  openai: '/v1/chat/completions',
  'openai-chat': '/v1/chat/completions',
  completions: '/v1/completions',
  'openai-completions': '/v1/completions',
  responses: '/v1/responses',
  'openai-responses': '/v1/responses',
  embeddings: '/v1/embeddings',
  'openai-embeddings': '/v1/embeddings',
  moderations: '/v1/moderations',
  'openai-moderations': '/v1/moderations',
  images: '/v1/images/generations',
  speech: '/v1/audio/speech',
  rerank: '/v1/rerank',
  anthropic: '/v1/messages',
  'anthropic-messages': '/v1/messages',
  ollama: '/api/chat',
  'ollama-chat': '/api/chat',
  'ollama-generate': '/api/generate',
  'ollama-embed': '/api/embed',
  gemini: '/v1beta/models/*',
  'gemini-generate': '/v1beta/models/*',
}

/** Names to offer where another one was given. */
export const SURFACE_NAMES: readonly string[] = Object.keys(PATHS)

/** The reader of a surface by its name, or by the path that its requests go to; null for any other word. */
export function bodyReader(surface: string): ReadParts | null {
  const named = Object.hasOwn(PATHS, surface) ? PATHS[surface] : undefined
  const path = named ?? (isGeminiPath(surface) ? '/v1beta/models/*' : surface)
  return Object.hasOwn(BODY_READERS, path) ? (BODY_READERS[path] ?? null) : null
}

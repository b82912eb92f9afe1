import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import {
  readOllamaEmbed,
  readOllamaEmbeddings,
  type OllamaEmbedRequest,
} from '#protocols/ollama/embed-request.ts'
import { ollamaEmbedSurface } from '#protocols/ollama/embed-surface.ts'
import {
  readOllamaChat,
  readOllamaGenerate,
  type OllamaRequest,
} from '#protocols/ollama/request.ts'
import {
  ollamaChatSurface,
  ollamaGenerateSurface,
  type OllamaTiming,
} from '#protocols/ollama/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { ErrorShape } from './error-shape.ts'
import { ollamaErrors } from './ollama-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** Ollama's own surfaces; chats and prompts stream unless told not to. */
export const ollamaRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/api/chat',
    errors: ollamaErrors,
    read: (body, { createdSeconds }) =>
      surface(readOllamaChat(body), ollamaChatSurface, createdSeconds),
  },
  {
    method: 'POST',
    url: '/api/generate',
    errors: ollamaErrors,
    read: (body, { createdSeconds }) =>
      surface(readOllamaGenerate(body), ollamaGenerateSurface, createdSeconds),
  },
  {
    method: 'POST',
    url: '/api/embed',
    errors: ollamaErrors,
    read: (body) => vectors(readOllamaEmbed(body)),
  },
  {
    method: 'POST',
    url: '/api/embeddings',
    errors: ollamaErrors,
    read: (body) => vectors(readOllamaEmbeddings(body)),
  },
]

const elapsed = (): number => performance.now()

const vectors = (read: Result<OllamaEmbedRequest, Refusal>): Result<SurfaceRequest, Refusal> =>
  read.ok ? ok(ollamaEmbedSurface(read.value, elapsed)) : read

function surface(
  read: Result<OllamaRequest, Refusal>,
  make: (request: OllamaRequest, timing: OllamaTiming) => SurfaceRequest,
  createdSeconds: number,
): Result<SurfaceRequest, Refusal> {
  if (!read.ok) return read
  return ok(make(read.value, { createdSeconds, elapsed }))
}

/** Paths of Ollama beside those of the admin API, which lives under `/api` too: their errors are Ollama's. */
const PATHS = 'chat generate embed tags ps show version pull push create copy delete blobs'.split(
  ' ',
)

export const ollamaPrefixes: readonly (readonly [string, ErrorShape])[] = PATHS.map((path) => [
  `/api/${path}`,
  ollamaErrors,
])

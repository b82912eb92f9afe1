import type { Milliseconds } from '#kernel/units.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { outputBound } from '../output-bound.ts'
import type { SurfaceRequest } from '../surface.ts'
import { ollamaNativeReader } from './native.ts'
import { ollamaTextParts } from './parts.ts'
import { ollamaBodyFor, type OllamaRequest } from './request.ts'
import { ollamaChatToConversation, ollamaGenerateToConversation } from './to-conversation.ts'
import { ollamaWriter } from './writer.ts'

/** What an answer needs from outside: when it was made, and a clock that never goes back for its durations. */
export interface OllamaTiming {
  readonly createdSeconds: number
  readonly elapsed: () => Milliseconds
}

/** A request to `/api/chat`, ready for the pipeline. */
export const ollamaChatSurface = (request: OllamaRequest, timing: OllamaTiming): SurfaceRequest =>
  surfaceOf('chat', request, timing)

/** A request to `/api/generate`, ready for the pipeline. */
export const ollamaGenerateSurface = (
  request: OllamaRequest,
  timing: OllamaTiming,
): SurfaceRequest => surfaceOf('generate', request, timing)

const surfaceOf = (
  shape: 'chat' | 'generate',
  request: OllamaRequest,
  timing: OllamaTiming,
): SurfaceRequest =>
  conversationSurface({
    surface: shape === 'chat' ? 'ollama-chat' : 'ollama-generate',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => ollamaTextParts(request.body),
    rewrite: rewriteOf(request.body, (body) => surfaceOf(shape, { ...request, body }, timing)),
    outputBound: () => outputBound(request.body),
    native: {
      dialect: 'ollama',
      outgoing: (upstreamModel) => ({
        path: `/api/${shape}`,
        headers: {},
        body: ollamaBodyFor(request, upstreamModel),
        dropped: [],
        reader: ollamaNativeReader(),
      }),
    },
    conversation: () =>
      shape === 'chat'
        ? ollamaChatToConversation(request.body)
        : ollamaGenerateToConversation(request.body),
    newWriter: () => ollamaWriter({ shape, ...timing }),
  })

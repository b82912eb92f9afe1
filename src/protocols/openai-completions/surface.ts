import { conversationSurface } from '../conversation-surface.ts'
import { outputBound } from '../output-bound.ts'
import type { AnswerNaming } from '../openai-chat/surface.ts'
import type { SurfaceRequest } from '../surface.ts'
import { completionsBodyFor, needsNative } from './native.ts'
import { completionsTextParts } from './parts.ts'
import type { CompletionsRequest } from './request.ts'
import { completionsToConversation } from './to-conversation.ts'
import { completionsWriter } from './writer.ts'
import { nativeReader } from '../openai-chat/native-reader.ts'

/** A completion request, ready for the pipeline. */
export const completionsSurface = (
  request: CompletionsRequest,
  naming: AnswerNaming,
): SurfaceRequest =>
  conversationSurface({
    surface: 'openai-completions',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => completionsTextParts(request.body),
    outputBound: () => outputBound(request.body),
    native: needsNative(request)
      ? {
          dialect: 'openai',
          outgoing: (upstreamModel) => ({
            path: '/completions',
            headers: {},
            body: completionsBodyFor(request, upstreamModel),
            dropped: [],
            reader: nativeReader(request.includeUsage),
          }),
        }
      : null,
    conversation: () => completionsToConversation(request),
    newWriter: () =>
      completionsWriter({
        includeUsage: request.includeUsage,
        id: `cmpl-${naming.id}`,
        createdSeconds: naming.createdSeconds,
        model: request.model,
      }),
  })

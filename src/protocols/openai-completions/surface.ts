import type { JsonObject } from '#kernel/canonical-json.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { isList } from '../json-body.ts'
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
    rewrite: rewriteOf(request.body, (body) => completionsSurface(withBody(request, body), naming)),
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

function withBody(request: CompletionsRequest, body: JsonObject): CompletionsRequest {
  const given = isList(body['prompt']) ? body['prompt'][0] : body['prompt']
  return { ...request, body, prompt: typeof given === 'string' ? given : request.prompt }
}

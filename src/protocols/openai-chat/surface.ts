import { conversationSurface } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { outputBound } from '../output-bound.ts'
import type { SurfaceRequest } from '../surface.ts'
import { chatTextParts } from './parts.ts'
import { chatBodyFor, type ChatRequest } from './request.ts'
import { chatToConversation } from './to-conversation.ts'
import { chatWriter } from './writer.ts'
import { nativeReader } from './native-reader.ts'

/** Names an answer whose destination gives neither id nor time. */
export interface AnswerNaming {
  readonly id: string
  readonly createdSeconds: number
}

/** A chat request, ready for the pipeline. */
export const chatSurface = (request: ChatRequest, naming: AnswerNaming): SurfaceRequest =>
  conversationSurface({
    surface: 'openai-chat',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => chatTextParts(request.body),
    rewrite: rewriteOf(request.body, (body) => chatSurface({ ...request, body }, naming)),
    outputBound: () => outputBound(request.body),
    native: {
      dialect: 'openai',
      outgoing: (upstreamModel) => ({
        path: '/chat/completions',
        headers: {},
        body: chatBodyFor(request, upstreamModel),
        dropped: [],
        reader: nativeReader(request.includeUsage),
      }),
    },
    conversation: () => chatToConversation(request.body),
    newWriter: () =>
      chatWriter({
        includeUsage: request.includeUsage,
        id: `chatcmpl-${naming.id}`,
        createdSeconds: naming.createdSeconds,
      }),
  })

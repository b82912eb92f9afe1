import { conversationSurface } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { outputBound } from '../output-bound.ts'
import type { SurfaceRequest } from '../surface.ts'
import { headersFor, type CallerHeaders } from './headers.ts'
import { nativeReader } from './native-reader.ts'
import { messagesTextParts } from './parts.ts'
import { messagesBodyFor, type MessagesRequest } from './request.ts'
import { messagesToConversation } from './to-conversation.ts'
import { messagesWriter } from './writer.ts'

/** A Messages request, ready for the pipeline; `id` names an answer whose destination gives no id of this dialect. */
export const messagesSurface = (
  request: MessagesRequest,
  id: string,
  headers: CallerHeaders,
): SurfaceRequest =>
  conversationSurface({
    surface: 'anthropic-messages',
    requestedModel: request.model,
    stream: request.stream,
    textParts: () => messagesTextParts(request.body),
    rewrite: rewriteOf(request.body, (body) => messagesSurface({ ...request, body }, id, headers)),
    outputBound: () => outputBound(request.body),
    native: {
      dialect: 'anthropic',
      outgoing: (upstreamModel) => ({
        path: '/messages',
        ...headersFor(headers),
        body: messagesBodyFor(request, upstreamModel),
        reader: nativeReader(),
      }),
    },
    conversation: () => messagesToConversation(request.body),
    newWriter: () => messagesWriter(`msg_${id}`),
  })

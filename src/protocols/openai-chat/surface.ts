import { conversationSurface, type ConversationRequest } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { outputBound } from '../output-bound.ts'
import type { AnswerWriter, SurfaceRequest } from '../surface.ts'
import { choicesReader } from './choices-reader.ts'
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
    newWriter: () => newWriter(request, naming, 0),
    ...severalOf(request, naming),
  })

const newWriter = (
  { includeUsage }: ChatRequest,
  { id, createdSeconds }: AnswerNaming,
  index: number,
): AnswerWriter => chatWriter({ includeUsage, id: `chatcmpl-${id}`, createdSeconds, index })

/** How several answers at once are read, where they are asked for. */
function severalOf(
  request: ChatRequest,
  naming: AnswerNaming,
): Pick<ConversationRequest, 'several'> {
  const { n } = request.body
  if (typeof n !== 'number' || n === 1) return {}
  return {
    several: {
      count: n,
      reader: (filters) => choicesReader(filters, (index) => newWriter(request, naming, index)),
    },
  }
}

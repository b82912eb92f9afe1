import { NO_USAGE, type Usage } from '../answer-event.ts'
import { conversationSurface } from '../conversation-surface.ts'
import type { AnswerReader, SurfaceRequest } from '../surface.ts'
import { readChatAnswer } from './answer.ts'
import { readOpenAiError } from './error-body.ts'
import { chatTextParts } from './parts.ts'
import { chatBodyFor, type ChatRequest } from './request.ts'
import {
  CHAT_STREAM_DONE,
  CHAT_STREAM_START,
  chatStreamIsComplete,
  chatStreamStep,
} from './stream.ts'
import { chatToConversation } from './to-conversation.ts'
import { chatWriter } from './writer.ts'

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

/** Same dialect on both sides: whole answers and whole frames pass as they are. */
function nativeReader(includeUsage: boolean): AnswerReader {
  let state = CHAT_STREAM_START
  let whole: Usage = NO_USAGE
  return {
    streamType: 'text/event-stream; charset=utf-8',
    isStream: (contentType) => contentType.startsWith('text/event-stream'),
    whole(bytes) {
      const usage = readChatAnswer(bytes)
      if (usage === null) return null
      whole = usage
      return { body: bytes, type: 'application/json' }
    },
    step(text) {
      const [next, out] = chatStreamStep(state, text, includeUsage)
      state = next
      return { out, broken: next.broken }
    },
    close: () => (chatStreamIsComplete(state) ? CHAT_STREAM_DONE : null),
    usage: () => (whole === NO_USAGE ? state.usage : whole),
    readError: readOpenAiError,
  }
}

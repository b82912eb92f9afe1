import { NO_USAGE, type Usage } from '../answer-event.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { readChatAnswer } from '../openai-chat/answer.ts'
import { readOpenAiError } from '../openai-chat/error-body.ts'
import {
  CHAT_STREAM_DONE,
  CHAT_STREAM_START,
  chatStreamIsComplete,
  chatStreamStep,
} from '../openai-chat/stream.ts'
import type { AnswerNaming } from '../openai-chat/surface.ts'
import type { AnswerReader, SurfaceRequest } from '../surface.ts'
import { completionsBodyFor, needsNative } from './native.ts'
import { completionsTextParts } from './parts.ts'
import type { CompletionsRequest } from './request.ts'
import { completionsToConversation } from './to-conversation.ts'
import { completionsWriter } from './writer.ts'

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

/** Same dialect on both sides. The frames differ from those of chat only inside their choices, which pass as they are. */
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

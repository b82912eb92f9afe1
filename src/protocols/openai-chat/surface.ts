import type { AnswerReader, SurfaceRequest } from '../surface.ts'
import { readChatAnswer } from './answer.ts'
import { chatTextParts } from './parts.ts'
import { chatBodyFor, type ChatRequest } from './request.ts'
import {
  CHAT_STREAM_DONE,
  CHAT_STREAM_START,
  chatStreamIsComplete,
  chatStreamStep,
} from './stream.ts'

/** A chat request, ready for the pipeline. */
export const chatSurface = (request: ChatRequest): SurfaceRequest => ({
  surface: 'openai-chat',
  requestedModel: request.model,
  stream: request.stream,
  path: '/chat/completions',
  textParts: () => chatTextParts(request.body),
  bodyFor: (upstreamModel) => chatBodyFor(request, upstreamModel),
  newReader: () => chatReader(request.includeUsage),
})

function chatReader(includeUsage: boolean): AnswerReader {
  let state = CHAT_STREAM_START
  return {
    whole: readChatAnswer,
    step(text) {
      const [next, out] = chatStreamStep(state, text, includeUsage)
      state = next
      return { out, broken: next.broken }
    },
    close: () => (chatStreamIsComplete(state) ? CHAT_STREAM_DONE : null),
    usage: () => state.usage,
  }
}

import { NO_USAGE, type Usage } from '../answer-event.ts'
import type { AnswerReader } from '../surface.ts'
import { readChatAnswer } from './answer.ts'
import { readOpenAiError } from './read-error.ts'
import {
  CHAT_STREAM_DONE,
  CHAT_STREAM_START,
  chatStreamIsComplete,
  chatStreamStep,
} from './stream.ts'

/** Same dialect on both sides, chat or legacy completions (they differ only inside their choices): whole answers and whole frames pass as they are. */
export function nativeReader(includeUsage: boolean): AnswerReader {
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
    written: () => state.written,
    usage: () => (whole === NO_USAGE ? state.usage : whole),
    readError: readOpenAiError,
  }
}

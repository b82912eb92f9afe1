import { NO_USAGE, type Usage } from '../answer-event.ts'
import { readOpenAiError } from '../openai-chat/read-error.ts'
import type { AnswerReader } from '../surface.ts'
import type { ReadMediaAnswer } from './answers.ts'
import { MEDIA_STREAM_START, mediaStreamEnd, mediaStreamStep } from './stream.ts'

/** Passes an answer on, whole or in whole frames, once it is seen to be of its kind. */
export function mediaReader(read: ReadMediaAnswer): AnswerReader {
  let contentType = ''
  let whole: Usage = NO_USAGE
  let state = MEDIA_STREAM_START
  return {
    streamType: 'text/event-stream; charset=utf-8',
    isStream(given) {
      contentType = given
      return given.startsWith('text/event-stream')
    },
    whole(bytes) {
      const answer = read(bytes, contentType)
      if (answer === null) return null
      whole = answer.usage
      return { body: bytes, type: answer.type }
    },
    step(text) {
      const [next, out] = mediaStreamStep(state, text)
      state = next
      return { out, broken: next.broken }
    },
    close: () => mediaStreamEnd(state),
    usage: () => (whole === NO_USAGE ? state.usage : whole),
    readError: readOpenAiError,
  }
}

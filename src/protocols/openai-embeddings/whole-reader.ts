import { NO_USAGE, type Usage } from '../answer-event.ts'
import { readOpenAiError } from '../openai-chat/read-error.ts'
import type { AnswerReader } from '../surface.ts'

/** Reads answers that always come in one piece; a stream is no answer to such a request. */
export function wholeReader(
  read: (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly usage: Usage } | null,
  readError: AnswerReader['readError'] = readOpenAiError,
): AnswerReader {
  let usage: Usage = NO_USAGE
  return {
    streamType: 'application/json',
    isStream: () => false,
    whole(bytes) {
      const answer = read(bytes)
      if (answer === null) return null
      usage = answer.usage
      return { body: answer.bytes, type: 'application/json' }
    },
    step: () => ({ out: '', broken: true }),
    close: () => null,
    usage: () => usage,
    readError,
  }
}

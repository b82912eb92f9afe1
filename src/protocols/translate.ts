import { NO_USAGE, type AnswerEvent, type Usage } from './answer-event.ts'
import type { Dialect } from './dialect.ts'
import type { AnswerReader, AnswerWriter } from './surface.ts'
import { writtenInEvents } from './written.ts'

/** Reads the answer of a destination that speaks one dialect for a caller who speaks another. */
export function translated(dialect: Dialect, writer: AnswerWriter): AnswerReader {
  const answer = dialect.newAnswer()
  let usage: Usage = NO_USAGE
  let written = 0
  const note = (events: readonly AnswerEvent[]): readonly AnswerEvent[] => {
    for (const event of events) if (event.kind === 'usage') usage = event.usage
    written += writtenInEvents(events)
    return events
  }
  return {
    streamType: writer.streamType,
    isStream: (contentType) => contentType.startsWith(dialect.streamType),
    whole(bytes) {
      const events = answer.whole(bytes)
      if (events === null) return null
      return { body: Buffer.from(writer.whole(note(events))), type: 'application/json' }
    },
    step(text) {
      const { events, broken } = answer.step(text)
      return { out: writer.step(note(events)), broken }
    },
    close() {
      const { events, complete } = answer.close()
      const last = writer.step(note(events))
      return complete ? last + writer.end() : null
    },
    ...(writer.failed ? { failed: writer.failed } : {}),
    usage: () => usage,
    written: () => written,
    readError: (bytes) => dialect.readError(bytes),
  }
}

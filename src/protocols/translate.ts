import type { Refusal } from '#kernel/refusal.ts'
import { NO_USAGE, type AnswerEvent, type Usage } from './answer-event.ts'
import type { AnswerFilter, Filtered } from './answer-filter.ts'
import type { Dialect } from './dialect.ts'
import type { AnswerReader, AnswerWriter } from './surface.ts'
import { writtenInEvents } from './written.ts'

/** Reads the answer of a destination that speaks one dialect for a caller who speaks another, or whose answer is filtered. */
export function translated(
  dialect: Dialect,
  writer: AnswerWriter,
  filter: AnswerFilter = UNFILTERED,
): AnswerReader {
  const answer = dialect.newAnswer()
  let usage: Usage = NO_USAGE
  let written = 0
  let stopped: Refusal | null = null
  const note = (events: readonly AnswerEvent[]): readonly AnswerEvent[] => {
    for (const event of events) if (event.kind === 'usage') usage = event.usage
    written += writtenInEvents(events)
    return events
  }
  const passed = (filtered: Filtered): readonly AnswerEvent[] => {
    stopped ??= filtered.stopped
    return filtered.events
  }
  return {
    streamType: writer.streamType,
    isStream: (contentType) => contentType.startsWith(dialect.streamType),
    whole(bytes) {
      const events = answer.whole(bytes)
      if (events === null) return null
      const shown = [...passed(filter.step(note(events))), ...passed(filter.end())]
      if (stopped) return null
      return { body: Buffer.from(writer.whole(shown)), type: 'application/json' }
    },
    step(text) {
      const { events, broken } = answer.step(text)
      const out = writer.step(passed(filter.step(note(events))))
      return { out, broken: broken || stopped !== null }
    },
    close() {
      const { events, complete } = answer.close()
      const last = passed(filter.step(note(events)))
      if (!complete || stopped) return null
      const shown = [...last, ...passed(filter.end())]
      return stopped ? null : writer.step(shown) + writer.end()
    },
    stopped: () => stopped,
    ...(writer.failed ? { failed: writer.failed } : {}),
    usage: () => usage,
    written: () => written,
    readError: (bytes) => dialect.readError(bytes),
  }
}

const UNFILTERED: AnswerFilter = {
  step: (events) => ({ events, stopped: null }),
  end: () => NOTHING_HELD,
}

const NOTHING_HELD: Filtered = { events: [], stopped: null }

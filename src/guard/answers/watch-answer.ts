import type { AnswerFilter } from '#protocols/answer-filter.ts'
import type { AnswerReader } from '#protocols/surface.ts'
import type { DialectAnswer } from '#protocols/dialect.ts'
import type { AnswerGuard } from './guard-answer.ts'

/** A guard whose counts are all that comes of it. */
export const onlyCounting = (guard: AnswerGuard): AnswerGuard => ({
  step: (events) => guard.step(events),
  end: () => guard.end(),
  report: () => ({ ...guard.report(), done: 'pass' }),
})

/** Counts what a guard finds and lets everything pass as it came. */
export const countingFilter = (guard: AnswerGuard): AnswerFilter => ({
  step(events) {
    guard.step(events)
    return { events, stopped: null }
  },
  end() {
    guard.end()
    return { events: [], stopped: null }
  },
})

/** The reader of an answer that goes on untouched, read a second time beside it for a guard that only counts. */
export function countingReader(
  reader: AnswerReader,
  answer: DialectAnswer,
  guard: AnswerGuard,
): AnswerReader {
  let isLost = false
  return {
    ...reader,
    whole(bytes) {
      const events = answer.whole(bytes)
      if (events) guard.step(events)
      guard.end()
      return reader.whole(bytes)
    },
    step(text) {
      if (!isLost) {
        const { events, broken } = answer.step(text)
        guard.step(events)
        isLost = broken
      }
      return reader.step(text)
    },
    close() {
      if (!isLost) guard.step(answer.close().events)
      guard.end()
      return reader.close()
    },
  }
}

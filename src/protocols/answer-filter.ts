import type { Refusal } from '#kernel/refusal.ts'
import type { AnswerEvent } from './answer-event.ts'

/** What a filter lets through of some pieces; `stopped` ends the answer there, and tells the caller why. */
export interface Filtered {
  readonly events: readonly AnswerEvent[]
  readonly stopped: Refusal | null
}

/**
 * Changes, holds back or stops an answer on its way to the caller. It sees the neutral pieces of a whole answer in one
 * call and those of a stream in any number of calls, and must let the same through either way. What it holds back of a
 * text goes out before the piece that ends that text: a tool call, or the finish. One for each answer.
 */
export interface AnswerFilter {
  step(events: readonly AnswerEvent[]): Filtered
  /** The answer came to its end: what was held back. */
  end(): Filtered
  /** A new one like it for another answer to the same request, with the same counts; absent: it takes one answer alone. */
  readonly another?: () => AnswerFilter
}

/** One filter after the other. */
export function inTurn(first: AnswerFilter, second: AnswerFilter): AnswerFilter {
  const after = (one: Filtered): Filtered => {
    const other = second.step(one.events)
    return { events: other.events, stopped: other.stopped ?? one.stopped }
  }
  const { another: one } = first
  const { another: other } = second
  return {
    ...(one && other ? { another: () => inTurn(one(), other()) } : {}),
    step: (events) => after(first.step(events)),
    end() {
      const one = after(first.end())
      if (one.stopped) return one
      const { events, stopped } = second.end()
      return { events: [...one.events, ...events], stopped }
    },
  }
}

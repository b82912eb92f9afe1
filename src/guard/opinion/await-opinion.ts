import type { Refusal } from '#kernel/refusal.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { AnswerFilter, Filtered } from '#protocols/answer-filter.ts'
import type { AnswerGuard } from '../answers/guard-answer.ts'
import { LONGEST_ANSWER, MOST_PIECES, sizeOf, type HoldingGuard } from '../answers/hold-answer.ts'

/** A whole answer that waits for somebody else's word. */
export interface PendingAnswer {
  readonly events: readonly AnswerEvent[]
  /** Why it waits for a person besides; null: it does not. */
  readonly held: Refusal | null
}

/** A filter that lets nothing out: an answer that came to its end waits in it. */
export interface OpinionHold extends AnswerFilter {
  /** Null until the answer is whole, and where something else stopped it. */
  pending(): PendingAnswer | null
}

/** Holds an answer, of which `guard` has taken out what may not be shown, until others have judged it. */
export function awaitOpinion(
  guard: AnswerGuard | HoldingGuard | null,
  stops: { readonly waits: Refusal; readonly tooLong: Refusal },
): OpinionHold {
  const kept: AnswerEvent[] = []
  let size = 0
  let stopped: Refusal | null = null
  let pending: PendingAnswer | null = null
  const keep = ({ events, stopped: why }: Filtered): void => {
    stopped ??= why
    for (const event of events) {
      kept.push(event)
      size += sizeOf(event)
    }
    if (size > LONGEST_ANSWER || kept.length > MOST_PIECES) stopped ??= stops.tooLong
  }
  const nothing = (): Filtered => ({ events: [], stopped })
  return {
    step(events) {
      if (!stopped) keep(guard ? guard.step(events) : { events, stopped: null })
      return nothing()
    },
    end() {
      if (!stopped && guard) keep(guard.end())
      const waiting = guard && 'waiting' in guard ? guard.waiting() : null
      if (waiting && stopped?.code === 'held-for-review')
        pending = { events: waiting, held: stopped }
      else if (!stopped) pending = { events: kept, held: null }
      if (pending) stopped = stops.waits
      return nothing()
    },
    pending: () => pending,
  }
}

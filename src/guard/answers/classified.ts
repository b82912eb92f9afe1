import { createStreamClassifier, type StreamClassifier } from '#classify/stream.ts'
import type { OwnTermsSource } from '#classify/own-terms/own-terms.ts'
import type { BlockSizes } from '#classify/seams.ts'
import type { AnswerFinding, Looked, Looker } from './finding.ts'
import { kindOf, MAY_BE_REPEATED } from './kind-of-type.ts'
import type { Question } from './question.ts'

/**
 * Twice as long as the blocks of a live classifier: an answer is read in a third of the time, and 768 units of it are
 * held back instead of 640.
 */
const BLOCKS: BlockSizes = { whole: 0, block: 256, before: 1024, after: 512, longest: 131_072 }

/** The classifier for answers; made once, for all of them. `own` is what the company has told of itself. */
export const answerClassifier = (own: OwnTermsSource | null = null): StreamClassifier =>
  createStreamClassifier({ floor: 'public', pace: 'live', sizes: BLOCKS, own })

/** A text could not be read: a detector failed, or something had no end. It is not let through. */
export class Unreadable extends Error {
  constructor() {
    super('an answer could not be looked through')
    this.name = 'Unreadable'
  }
}

/** Finds secrets, markings, and personal data that was not in the question. @throws Unreadable */
export function classifiedLooker(classifier: StreamClassifier, question: Question): Looker {
  let state = classifier.start
  /** The text from `offset` on, as far back as a finding that is told next may begin. */
  let held = ''
  let offset = 0
  return {
    look(piece, isEnd): Looked {
      held += piece
      const [next, events] = classifier.step(state, piece, isEnd)
      state = next
      if (state.doubts.length > 0) throw new Unreadable()
      const findings = events.findings.flatMap((finding): AnswerFinding[] => {
        const kind = kindOf(finding)
        if (kind === null) return []
        const { start, end, type } = finding
        const value = held.slice(start - offset, end - offset)
        if (MAY_BE_REPEATED.has(kind) && question.holds(value, type)) return []
        return [{ kind, start, end, isMarked: true }]
      })
      held = held.slice(events.settled - offset)
      offset = events.settled
      return { findings, settled: events.settled }
    },
  }
}

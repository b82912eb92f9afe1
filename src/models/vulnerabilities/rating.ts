import {
  agrees,
  highestOfWord,
  scoreVector,
  severityOf,
  type CvssScore,
  type Severity,
} from './cvss.ts'
import type { RecordedScore } from './record.ts'
import type { Vulnerability } from './knowledge.ts'

/** A recorded score beside the one that its vector gives. */
export interface CheckedScore extends RecordedScore {
  /** Null: the vector cannot be read. */
  readonly computed: CvssScore | null
  /** The record gives a score that its own vector does not. */
  readonly disagrees: boolean
}

/** How bad a flaw is. */
export interface Rating {
  /** 0 to 10: the highest base score of its vectors. */
  readonly cvss: number
  readonly severity: Severity
  /** vector: computed. word: the highest that the word stands for. none: nobody said, which counts as the worst. */
  readonly basis: 'vector' | 'word' | 'none'
  readonly scores: readonly CheckedScore[]
  readonly disagrees: boolean
}

/** The worst that is known or has to be assumed. */
const WORST = 10

/** What the records of a flaw say of how bad it is, each vector computed again. */
export function ratingOf({ records }: Vulnerability): Rating {
  const scores = records.flatMap((record) => record.scores.map(checked))
  const bases = scores.flatMap(({ computed }) => (computed === null ? [] : [computed.base]))
  const words = records.flatMap(({ severityWord }) => {
    const highest = severityWord === null ? null : highestOfWord(severityWord)
    return highest === null ? [] : [highest]
  })
  const basis = bases.length > 0 ? 'vector' : words.length > 0 ? 'word' : 'none'
  const cvss = basis === 'none' ? WORST : Math.max(...(basis === 'vector' ? bases : words))
  const disagrees = scores.some((score) => score.disagrees)
  return { cvss, severity: severityOf(cvss), basis, scores, disagrees }
}

function checked(score: RecordedScore): CheckedScore {
  const computed = scoreVector(score.vector)
  const { recorded } = score
  const disagrees = recorded !== null && (computed === null || !agrees(recorded, computed))
  return { ...score, computed, disagrees }
}

import { type Hits, NO_HITS } from './hits.ts'
import type { Lexicon } from './lexicon.ts'
import { findLiterals } from './literal-pass.ts'
import { findNumbers, type NumberRun } from './numbers.ts'
import { findRuns, type Runs } from './runs.ts'
import type { Steps } from './steps.ts'

/** Distance in UTF-16 units at which a keyword still speaks of a number. */
export const NEAR = 60

/** A stretch of text that reads as a person, with what told so. */
export interface PersonSpan {
  readonly start: number
  readonly end: number
  /** Sure enough to be a finding of its own, not only a hint. */
  readonly named: boolean
}

/** Everything the two passes found in one text; detectors read it and never scan the whole text again. */
export class Scan {
  readonly text: string
  readonly runs: Runs
  readonly steps: Steps
  /** Filled by the detector of names, read by those that need a person. */
  readonly persons: PersonSpan[] = []
  readonly #lexicon: Lexicon
  readonly #hits: readonly (Hits | undefined)[]
  readonly #keyHits: readonly (Hits | undefined)[]
  #numbers: readonly NumberRun[] | undefined

  constructor(text: string, key: string, lexicon: Lexicon, steps: Steps) {
    this.text = text
    this.steps = steps
    this.#lexicon = lexicon
    this.runs = findRuns(text)
    this.#hits = findLiterals(text, lexicon)
    this.#keyHits = key === '' ? [] : findLiterals(key, lexicon)
    steps.spend(2 * text.length + key.length)
  }

  get numbers(): readonly NumberRun[] {
    this.#numbers ??= findNumbers(this.text, this.runs.numbers, this.steps)
    return this.#numbers
  }

  hits(group: string): Hits {
    return this.#hits[this.#lexicon.groupIds.get(group) ?? -1] ?? NO_HITS
  }

  /** The word of `group` in the name of the field that holds this text. */
  inKey(group: string): string | undefined {
    return this.#keyHits[this.#lexicon.groupIds.get(group) ?? -1]?.words[0]
  }

  /** A word of `group` at most `distance` units from [start, end), as written in the data. */
  near(group: string, start: number, end: number, distance = NEAR): string | undefined {
    const hits = this.hits(group)
    if (hits.length === 0) return undefined
    const index = hits.within(start - distance, end + distance)
    return index < 0 ? undefined : hits.words[index]
  }
}

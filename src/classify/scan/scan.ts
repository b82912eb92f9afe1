import { type Hits, NO_HITS } from './hits.ts'
import type { Lexicon } from './lexicon.ts'
import { sweep } from './sweep.ts'
import type { Runs } from './runs.ts'
import { unitsOf } from './units.ts'
import type { Steps } from './steps.ts'

/** Distance in UTF-16 units at which a keyword still speaks of a number. */
export const NEAR = 60

/** A stretch of text that reads as a person, with what told so. */
export interface PersonSpan {
  readonly start: number
  readonly end: number
}

const NO_KEY: ReadonlyMap<string, Hits> = new Map()

/** Everything the two passes found in one text; detectors read it and never scan the whole text again. */
export class Scan {
  readonly text: string
  readonly runs: Runs
  readonly steps: Steps
  readonly #persons: PersonSpan[] = []
  readonly #hits: ReadonlyMap<string, Hits>
  readonly #keyHits: ReadonlyMap<string, Hits>
  #personsSorted = 0

  constructor(text: string, key: string, lexicon: Lexicon, steps: Steps) {
    this.text = text
    this.steps = steps
    const { hits, runs } = sweep(text, lexicon, unitsOf(text))
    this.runs = runs
    this.#hits = hits
    this.#keyHits = key === '' ? NO_KEY : sweep(key, lexicon, unitsOf(key)).hits
    steps.spend(2 * text.length + key.length)
  }

  /** Groups that have a word in the text or in the name of its field. */
  groups(): Iterable<string> {
    if (this.#keyHits.size === 0) return this.#hits.keys()
    return new Set([...this.#hits.keys(), ...this.#keyHits.keys()])
  }

  hits(group: string): Hits {
    return this.#hits.get(group) ?? NO_HITS
  }

  /** The word of `group` in the name of the field that holds this text. */
  inKey(group: string): string | undefined {
    return this.#keyHits.get(group)?.words[0]
  }

  /** A word of `group` at most `distance` units from [start, end), as written in the data. */
  near(group: string, start: number, end: number, distance = NEAR): string | undefined {
    const hits = this.hits(group)
    if (hits.length === 0) return undefined
    const index = hits.within(start - distance, end + distance)
    return index < 0 ? undefined : hits.words[index]
  }

  /** Told by the detector of names, asked by those that need a person. */
  addPerson(person: PersonSpan): void {
    this.#persons.push(person)
  }

  /** Whether a person is told in [from, to). */
  hasPerson(from: number, to: number): boolean {
    const persons = this.#persons
    if (this.#personsSorted !== persons.length) {
      persons.sort((a, b) => a.start - b.start)
      this.#personsSorted = persons.length
    }
    let low = 0
    let high = persons.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((persons[middle]?.start ?? 0) >= from) high = middle
      else low = middle + 1
    }
    return (persons[low]?.start ?? Number.POSITIVE_INFINITY) < to
  }
}

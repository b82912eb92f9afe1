import type { Names } from '../mask/names.ts'
import type { MaskedValue } from '../mask/mask-plan.ts'
import type { Sought, ValueIndex } from '../mask/value-index.ts'
import { candidatesIn, openFrom } from './candidate.ts'
import { JsonDepth } from './json-depth.ts'
import { Surroundings } from './surroundings.ts'

/** What became of the placeholders of an answer. */
export interface RestoredCounts {
  readonly restored: number
  /** Known, and left where they stand: in an address, or in arguments that get no values. */
  readonly kept: number
  /** Made up or altered by the model, and left visible. */
  readonly unknown: number
}

export interface Tally {
  restored: number
  kept: number
  unknown: number
}

/** A fake as it is looked for in an answer. */
export interface FakeSought extends Sought {
  readonly value: MaskedValue
}

/** What is known of the names that may stand in an answer. */
export interface Known {
  readonly byLetters: Names['byLetters']
  readonly fakes: ValueIndex<FakeSought>
}

/** What one text of an answer is. */
export type TextKind = 'prose' | 'json'

interface Place {
  readonly start: number
  readonly end: number
  readonly value: MaskedValue | null
  /** What is written where no value is. */
  readonly plain: string
  readonly isOurs: boolean
}

/**
 * Restores one text of an answer as it comes, in any pieces: what may be the beginning of a placeholder is held back, at
 * most LONGEST_CANDIDATE units or the longest fake. Every split gives the same.
 */
export class Restorer {
  readonly #known: Known
  readonly #tally: Tally
  /** False: placeholders are left as they are. */
  readonly #mayRestore: boolean
  #kind: TextKind | 'undecided'
  #held = ''
  #around: Surroundings
  readonly #json = new JsonDepth()
  /** What came before it was known what kind of text this is. */
  #undecided = ''
  /** The last unit that was let go: it may make a word of what follows it. */
  #before = ''

  constructor(known: Known, tally: Tally, mayRestore: boolean, kind: TextKind | 'undecided') {
    this.#known = known
    this.#tally = tally
    this.#mayRestore = mayRestore
    this.#kind = kind
    this.#around = new Surroundings(kind === 'json')
  }

  step(text: string): string {
    const all = this.#before + this.#held + text
    const places = this.#placesIn(all)
    return this.#upTo(all, places, this.#safeEnd(all, places))
  }

  end(): string {
    if (this.#held === '') return ''
    const all = this.#before + this.#held
    return this.#upTo(all, this.#placesIn(all), all.length)
  }

  #placesIn(text: string): readonly Place[] {
    const places: Place[] = []
    for (const { start, end, letters, isOurs, unmarked } of candidatesIn(text)) {
      const value = letters === '' ? null : (this.#known.byLetters.get(letters) ?? null)
      if (value || isOurs || unmarked !== null)
        places.push({ start, end, value, plain: unmarked ?? text.slice(start, end), isOurs })
    }
    const fakes = [...this.#known.fakes.find(text)]
    if (fakes.length === 0) return places
    for (const { start, end, value: fake } of fakes) {
      places.push({ start, end, value: fake.value, plain: text.slice(start, end), isOurs: false })
    }
    return places.toSorted((a, b) => a.start - b.start)
  }

  /** How far the text is certain: nothing before may still become something else. */
  #safeEnd(text: string, places: readonly Place[]): number {
    let safe = Math.min(openFrom(text), this.#known.fakes.openFrom(text))
    for (let at = places.length - 1; at >= 0; at--) {
      const { start, end } = places[at] ?? { start: 0, end: 0 }
      const after = text.slice(end, end + 2)
      // what follows tells whether it ends there, and whether it is the name of a host
      if (after === '' || after === '.' || (start < safe && end > safe)) {
        safe = Math.min(safe, start)
      } else if (end <= safe) break
    }
    return safe
  }

  #upTo(text: string, places: readonly Place[], safe: number): string {
    let out = ''
    let from = this.#before.length
    for (const place of places) {
      if (place.start >= safe) break
      if (place.start < from) continue
      out += this.#plain(text.slice(from, place.start))
      out += this.#placed(place, HOST_FOLLOWS.test(text.slice(place.end, place.end + 2)))
      from = place.end
    }
    const end = Math.max(from, safe)
    out += this.#plain(text.slice(from, end))
    this.#held = text.slice(end)
    this.#before = text.slice(Math.max(0, end - 1), end)
    return out
  }

  #placed({ value, plain, isOurs }: Place, isHost: boolean): string {
    if (value && this.#mayRestore && !isHost && !this.#around.isAddress) {
      this.#tally.restored += 1
      if (this.#kind === 'undecided') this.#decide('prose')
      const written = this.#kind === 'json' ? this.#json.escaped(value.text) : value.text
      this.#around.passValue()
      this.#json.passValue()
      return written
    }
    if (value) this.#tally.kept += 1
    else if (isOurs) this.#tally.unknown += 1
    return this.#plain(plain)
  }

  #plain(text: string): string {
    if (!this.#mayRestore) return text
    if (this.#kind === 'undecided') this.#lookAt(text)
    else this.#follow(text)
    return text
  }

  #follow(text: string): void {
    if (this.#kind !== 'json') return this.#around.pass(text)
    for (const unit of text) {
      // an address of one string does not reach into the next
      if (this.#json.pass(unit)) this.#around = new Surroundings(true)
      else this.#around.pass(unit)
    }
  }

  /** A text that begins as a JSON object or list does is one. */
  #lookAt(text: string): void {
    this.#undecided += text
    const opening = this.#undecided.trimStart().slice(0, 2)
    if (opening.startsWith('{') || LIST_START.test(opening)) this.#decide('json')
    else if (opening !== '' && opening !== '[') this.#decide('prose')
  }

  #decide(kind: TextKind): void {
    this.#kind = kind
    if (kind === 'json') this.#around = new Surroundings(true)
    this.#follow(this.#undecided)
    this.#undecided = ''
  }
}

const LIST_START = /^\[["{[\]\s\d]/
const HOST_FOLLOWS = /^\.[\p{L}\p{N}]/u

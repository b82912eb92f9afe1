import type { Scan } from '../scan/scan.ts'
import { type Question, type Reading, readingOf } from './reading.ts'
import { referenceBefore, referenceIn, showsMaterial, type Reference } from './reference.ts'
import type { Sentence } from './sentence.ts'

/** A task may follow in the next sentence: "Rapport d'audit : … . Rédige le plan." */
const TASK_REACH = 100

/** Only the start of the next sentence shows what this one asks about. */
const SHOWN_REACH = 40
const SHOWN =
  /^\s{0,3}(?:voici|ci-joint|ci-dessous|here (?:is|are)|here['’]s|attached|below is|see below)\b/i

/** What one sentence tells, each question asked of it once. */
export class Telling {
  readonly sentence: Sentence
  readonly #scan: Scan
  readonly #reading: Reading
  #reference: Reference | null | undefined
  #earlier: Reference | null | undefined
  readonly #known = new Map<string, boolean>()

  constructor(scan: Scan, reading: Reading, sentence: Sentence) {
    this.#scan = scan
    this.#reading = reading
    this.sentence = sentence
  }

  /** It asks about a subject, makes something up, or repeats what is public: no case is told. */
  get general(): boolean {
    return !this.#shownNext && (this.#ask('generic') || this.#ask('madeUp') || this.published)
  }

  /** A question about what is shown right after is no general question: "Qui est … ? Voici la liste". */
  get #shownNext(): boolean {
    const { end } = this.sentence
    return this.#once('shown-next', () => SHOWN.test(this.#scan.text.slice(end, end + SHOWN_REACH)))
  }

  /** Common knowledge or already in the press. */
  get published(): boolean {
    return this.#ask('published')
  }

  get own(): boolean {
    return this.#ask('own')
  }

  get possessed(): boolean {
    return this.#ask('possessed')
  }

  get specific(): boolean {
    return this.#ask('specific')
  }

  get hushed(): boolean {
    return this.#ask('hushed')
  }

  get headed(): boolean {
    return this.#ask('headed')
  }

  get task(): boolean {
    const { start, end } = this.sentence
    const stop = Math.min(this.#scan.text.length, end + TASK_REACH)
    return this.#once('task', () => this.#reading.asks('task', start, stop))
  }

  /** Who it speaks of, if anyone. */
  get reference(): Reference | undefined {
    if (this.#reference === undefined)
      this.#reference = referenceIn(this.#scan, this.sentence) ?? null
    return this.#reference ?? undefined
  }

  /** Who was spoken of shortly before. */
  get earlier(): Reference | undefined {
    if (this.#earlier === undefined)
      this.#earlier = referenceBefore(this.#scan, this.sentence) ?? null
    return this.#earlier ?? undefined
  }

  /** Material about people is worked on. */
  get material(): boolean {
    return this.task && this.#once('material', () => showsMaterial(this.#scan, this.sentence))
  }

  #ask(question: Question): boolean {
    const { start, end } = this.sentence
    return this.#once(question, () => this.#reading.asks(question, start, end))
  }

  #once(what: string, test: () => boolean): boolean {
    let answer = this.#known.get(what)
    if (answer === undefined) {
      answer = test()
      this.#known.set(what, answer)
    }
    return answer
  }
}

/** Tellings of one text. */
interface Told {
  last: Telling | undefined
  /** Of whole sentences, by their beginnings. */
  readonly whole: Map<number, Telling>
  /** Of what was cut out of longer ones, by place. */
  readonly cut: Map<number, Telling>
}

const TOLD = new WeakMap<Scan, Told>()
/** Stretches of long sentences that are read on their own; in a text with more, neighbours share one. */
const MOST_OWN = 64
/** Units of a long sentence that share one telling there. */
const SHARED_BITS = 7

/** The telling around [start, end); all who ask about one sentence share it, so that a sentence is read once. */
export function tellingAround(scan: Scan, start: number, end: number): Telling {
  let told = TOLD.get(scan)
  if (told === undefined)
    TOLD.set(scan, (told = { last: undefined, whole: new Map(), cut: new Map() }))
  if (told.last !== undefined && isWithin(start, end, told.last.sentence)) return told.last
  const reading = readingOf(scan)
  const sentence = reading.sentenceAround(start, end)
  const isWhole = !sentence.cut && sentence.begin === sentence.start
  const kept = isWhole ? told.whole : told.cut
  const place = isWhole ? sentence.start : start >> SHARED_BITS
  const isShared = isWhole || kept.size >= MOST_OWN
  const known = isShared ? kept.get(place) : undefined
  const isKnown = known !== undefined && isWithin(start, end, known.sentence)
  const telling = isKnown ? known : new Telling(scan, reading, sentence)
  kept.set(place, telling)
  told.last = telling
  return telling
}

/** A sentence cut short for its length serves only what lies well inside. */
const isWithin = (start: number, end: number, sentence: Sentence): boolean =>
  start >= sentence.start && end <= sentence.end - (sentence.cut ? 120 : 0)

import type { Scan } from '../scan/scan.ts'
import { plain } from './plain.ts'
import { referenceBefore, referenceIn, showsMaterial, type Reference } from './reference.ts'
import { sentenceAround, type Sentence } from './sentence.ts'
import {
  isGeneric,
  isHeaded,
  isHushed,
  isOwn,
  isPossessed,
  isPublished,
  isSpecific,
  isTask,
} from './statement.ts'

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
  #reference: Reference | null | undefined
  #earlier: Reference | null | undefined
  readonly #known = new Map<string, boolean>()

  constructor(scan: Scan, sentence: Sentence) {
    this.#scan = scan
    this.sentence = sentence
  }

  /** It asks about a subject, makes something up, or repeats what is public: no case is told. */
  get general(): boolean {
    return !this.#shownNext && (this.#ask('generic', isGeneric) || this.published)
  }

  /** A question about what is shown right after is no general question: "Qui est … ? Voici la liste". */
  get #shownNext(): boolean {
    const { end } = this.sentence
    return this.#ask('shown-next', () => SHOWN.test(this.#scan.text.slice(end, end + SHOWN_REACH)))
  }

  /** Common knowledge or already in the press. */
  get published(): boolean {
    return this.#ask('published', isPublished)
  }

  get own(): boolean {
    return this.#ask('own', isOwn)
  }

  get possessed(): boolean {
    return this.#ask('possessed', isPossessed)
  }

  get specific(): boolean {
    return this.#ask('specific', isSpecific)
  }

  get hushed(): boolean {
    return this.#ask('hushed', isHushed)
  }

  get headed(): boolean {
    return this.#ask('headed', isHeaded)
  }

  get task(): boolean {
    const { start, end } = this.sentence
    return this.#ask('task', () => isTask(plain(this.#scan.text.slice(start, end + TASK_REACH))))
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
    return this.task && this.#ask('material', () => showsMaterial(this.sentence))
  }

  #ask(what: string, test: (text: string) => boolean): boolean {
    let answer = this.#known.get(what)
    if (answer === undefined) {
      answer = test(this.sentence.plain)
      this.#known.set(what, answer)
      this.#scan.steps.spend(this.sentence.text.length)
    }
    return answer
  }
}

const LAST = new WeakMap<Scan, Telling>()

/** The telling around [start, end); neighbours in one sentence share it, so that a sentence is read once. */
export function tellingAround(scan: Scan, start: number, end: number): Telling {
  const last = LAST.get(scan)
  if (
    last !== undefined &&
    start >= last.sentence.start &&
    end <= last.sentence.end - SHARED_EDGE(last.sentence)
  )
    return last
  const telling = new Telling(scan, sentenceAround(scan, start, end))
  LAST.set(scan, telling)
  return telling
}

/** A sentence cut short for its length serves only what lies well inside. */
const SHARED_EDGE = ({ cut }: Sentence): number => (cut ? 120 : 0)

import type { Scan } from '../scan/scan.ts'
import { MENTIONS, WRITTEN_MENTIONS } from './mentions.ts'
import { pieceIndex, PieceMap, type PieceIndex } from './piece-map.ts'
import { plain } from './plain.ts'
import { type Sentence, sentenceBetween, sentenceEnds } from './sentence.ts'
import { STATEMENTS } from './statement.ts'

const PLAIN_PATTERNS = { ...STATEMENTS, ...MENTIONS }
/** All patterns by their questions, in the order of their bits. */
export const PATTERNS: Readonly<Record<string, RegExp>> = { ...PLAIN_PATTERNS, ...WRITTEN_MENTIONS }
const BITS = new Map(Object.keys(PATTERNS).map((name, i) => [name, 1 << i]))

/** A question that a pattern answers. */
export type Question = keyof typeof PLAIN_PATTERNS
export type WrittenQuestion = keyof typeof WRITTEN_MENTIONS

let pieces: PieceIndex | undefined

/** What all sentences of one text share: the text without accents, where sentences end, and which patterns may match where. */
export class Reading {
  readonly #scan: Scan
  #plain: string | undefined
  #ends: readonly number[] | undefined
  #map: PieceMap | undefined

  constructor(scan: Scan) {
    this.#scan = scan
  }

  /** The units [start, end) without accents. */
  plain(start: number, end: number): string {
    if (this.#plain === undefined) {
      this.#plain = plain(this.#scan.text)
      this.#scan.steps.spend(this.#plain.length)
    }
    return this.#plain.slice(start, end)
  }

  sentenceAround(start: number, end: number): Sentence {
    if (this.#ends === undefined) {
      this.#ends = sentenceEnds(this.#scan.text)
      this.#scan.steps.spend(this.#scan.text.length)
    }
    return sentenceBetween(this.#scan, this.#ends, start, end)
  }

  /** Whether the pattern matches in [start, end), accents left out. */
  asks(question: Question, start: number, end: number): boolean {
    if (!this.#mayMatch(question, start, end)) return false
    return PLAIN_PATTERNS[question].test(this.plain(start, end))
  }

  /** The same with accents. */
  asksWritten(question: WrittenQuestion, start: number, end: number): boolean {
    if (!this.#mayMatch(question, start, end)) return false
    return WRITTEN_MENTIONS[question].test(this.#scan.text.slice(start, end))
  }

  #mayMatch(question: string, start: number, end: number): boolean {
    const { steps, text } = this.#scan
    if (this.#map === undefined) {
      pieces ??= pieceIndex(Object.values(PATTERNS))
      this.#map = new PieceMap(text, pieces)
      steps.spend(text.length)
    }
    const may = (this.#map.within(start, end) & (BITS.get(question) ?? 0)) !== 0
    steps.spend(may ? end - start : 2)
    return may
  }
}

const READINGS = new WeakMap<Scan, Reading>()

/** The reading of a text, made once. */
export function readingOf(scan: Scan): Reading {
  let reading = READINGS.get(scan)
  if (reading === undefined) READINGS.set(scan, (reading = new Reading(scan)))
  return reading
}

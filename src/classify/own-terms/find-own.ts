import type { Draft, Found } from '../scan/detector.ts'
import type { Scan } from '../scan/scan.ts'
import { unitsOf } from '../scan/units.ts'
import { hasRow, MOST_WORDS, rowsWith, EXACT, type Dictionary } from './dictionary.ts'
import { PassageFinder, shingleHash, SHINGLE_WORDS, type Passage } from './fingerprints.ts'
import {
  foldedWords,
  readWord,
  stemLength,
  walkWords,
  type FoldedWord,
  type WordVisitor,
} from './fold.ts'
import { exactMark, hashLetters, joinHash, spread, termMark, wordMark, type Mark } from './lanes.ts'
import { NearLookup, nearWord } from './near-words.ts'
import type { Meaning, OwnTerms, TermList } from './own-terms.ts'

const SURE = 0.95
const NEAR = 0.8
const PASSAGE = 0.9

/** The rule of a finding, from the list, pattern or document that it was found by. */
export const ownRule = ({ id }: Pick<Meaning, 'id'>): string => `own-${id}`

/** Words kept behind the one that is read: a power of two over MOST_WORDS. */
const RING = 16

/** Finds the company's own terms and passages in one pass over the words of a text, then its patterns. */
export function findOwn(own: OwnTerms, scan: Scan, found: Found): void {
  const { text, steps } = scan
  if (own.dictionary !== null || own.prints !== null) {
    const finder = new WordFinder(own, scan, found)
    walkWords(unitsOf(text), text.length, finder.read, finder)
    finder.finish()
    steps.spend((own.near === null ? 1 : 4) * text.length)
  }
  for (const { index, expression } of own.patterns) {
    if (steps.exhausted) return
    const pattern = own.data.patterns[index]
    if (pattern === undefined) continue
    // a bounded pattern looks at each place once, and a little around it
    steps.spend(8 * text.length)
    expression.lastIndex = 0
    for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
      const end = expression.lastIndex
      found(draft('COMPANY_PATTERN', pattern, match.index, end, SURE))
    }
  }
}

const draft = (
  type: string,
  meaning: Meaning,
  start: number,
  end: number,
  confidence: number,
): Draft => ({
  type,
  rule: ownRule(meaning),
  start,
  end,
  confidence,
  because: [{ kind: 'list', name: meaning.id, owner: meaning.owner, near: confidence === NEAR }],
})

/** Reads words as they come, remembers the last ones, and looks up what ends at each. */
class WordFinder implements WordVisitor {
  readonly read = readWord()
  readonly #own: OwnTerms
  readonly #scan: Scan
  readonly #found: Found
  readonly #dictionary: Dictionary | null
  readonly #near: NearLookup | null
  readonly #passages: PassageFinder | null
  readonly #hashes = new Uint32Array(RING)
  readonly #starts = new Uint32Array(RING)
  readonly #ends = new Uint32Array(RING)
  readonly #alternates: (readonly number[] | null)[] = Array.from({ length: RING }, () => null)
  /** Words so far, and since the last gap. */
  #count = 0
  #sinceGap = 0
  #lastNear = -RING
  /** Candidates that were decided, so that a text that repeats one costs one digest. */
  readonly #confirmed = new Map<string, readonly TermList[]>()

  constructor(own: OwnTerms, scan: Scan, found: Found) {
    this.#own = own
    this.#scan = scan
    this.#found = found
    this.#dictionary = own.dictionary
    this.#near = own.near === null ? null : new NearLookup(own.near, own.lanes)
    this.#passages =
      own.prints === null ? null : new PassageFinder(own.prints, (passage) => this.#tell(passage))
  }

  word(start: number, end: number): void {
    const { letters, length } = this.read
    const { seed, factor } = this.#own.lanes
    const place = this.#count & (RING - 1)
    const near = this.#near === null ? null : this.#near.near(letters, length)
    this.#alternates[place] = near
    if (near !== null) this.#lastNear = this.#count
    const hash = hashLetters(letters, stemLength(letters, length), seed, factor) >>> 0
    this.#hashes[place] = hash
    this.#starts[place] = start
    this.#ends[place] = end
    this.#count++
    this.#sinceGap++
    const dictionary = this.#dictionary
    if (dictionary !== null) {
      const lengths = dictionary.endings[hash & (dictionary.endings.length - 1)] ?? 0
      if (lengths !== 0) this.#lookUp(dictionary, lengths)
      if (this.#count - this.#lastNear <= MOST_WORDS) this.#lookUpNear(dictionary)
    }
    if (this.#passages !== null && this.#sinceGap >= SHINGLE_WORDS) {
      const shingle = shingleHash(this.#hashes, this.#count - 1, this.#own.lanes)
      const from = this.#starts[(this.#count - SHINGLE_WORDS) & (RING - 1)] ?? 0
      this.#passages.shingle(shingle, this.#count, from, end)
    }
  }

  gap(): void {
    this.#sinceGap = 0
  }

  finish(): void {
    this.#passages?.finish()
  }

  #lookUp(dictionary: Dictionary, lengths: number): void {
    const most = Math.min(MOST_WORDS, this.#sinceGap)
    for (let words = 1; words <= most; words++) {
      if ((lengths & (1 << words)) === 0) continue
      const hash = this.#sequence(words, -1, 0)
      if (hasRow(dictionary, hash)) this.#confirm(dictionary, hash, words, -1, 0)
    }
  }

  /** The same with one word of the sequence read as one that it is near to. */
  #lookUpNear(dictionary: Dictionary): void {
    const { near } = this.#own
    if (near === null) return
    const most = Math.min(MOST_WORDS, this.#sinceGap)
    for (let back = 0; back < most; back++) {
      const alternates = this.#alternates[(this.#count - 1 - back) & (RING - 1)] ?? []
      for (const index of alternates) {
        const { hash: instead } = nearWord(near, index)
        const last = back === 0 ? instead : (this.#hashes[(this.#count - 1) & (RING - 1)] ?? 0)
        const lengths = dictionary.endings[last & (dictionary.endings.length - 1)] ?? 0
        for (let words = back + 1; words <= most; words++) {
          if ((lengths & (1 << words)) === 0) continue
          const hash = this.#sequence(words, back, instead)
          if (hasRow(dictionary, hash)) this.#confirm(dictionary, hash, words, back, index)
        }
      }
    }
  }

  #sequence(words: number, replaced: number, instead: number): number {
    const { lanes } = this.#own
    let hash = lanes.second ^ words
    for (let back = words - 1; back >= 0; back--) {
      const word =
        back === replaced ? instead : (this.#hashes[(this.#count - 1 - back) & (RING - 1)] ?? 0)
      hash = joinHash(hash, word, lanes)
    }
    return spread(hash)
  }

  /** The fast hash has chosen; the digest of the words decides, once for each way a candidate is written. */
  #confirm(
    dictionary: Dictionary,
    hash: number,
    words: number,
    replaced: number,
    nearIndex: number,
  ): void {
    const { steps, text } = this.#scan
    steps.spend(32)
    if (steps.exhausted) return
    const start = this.#starts[(this.#count - words) & (RING - 1)] ?? 0
    const end = this.#ends[(this.#count - 1) & (RING - 1)] ?? 0
    if (end - start > LONGEST_PHRASE) return
    const written = text.slice(start, end)
    const key = `${replaced} ${nearIndex} ${written}`
    let lists = this.#confirmed.get(key)
    if (lists === undefined) {
      // digests are what a candidate costs
      steps.spend(64 * words)
      const isPhrase = this.#isOnePhrase(words)
      lists = isPhrase ? this.#listsOf(dictionary, hash, written, replaced, nearIndex) : []
      this.#confirmed.set(key, lists)
    }
    for (const list of lists)
      this.#found(draft('COMPANY_TERM', list, start, end, replaced < 0 ? SURE : NEAR))
  }

  /** The lists that have the term a candidate reads as. */
  #listsOf(
    dictionary: Dictionary,
    hash: number,
    written: string,
    replaced: number,
    nearIndex: number,
  ): readonly TermList[] {
    const { data, digest } = this.#own
    const folded = foldedWords(written)
    if (folded === null) return []
    const { columns } = dictionary
    const lists = new Set<TermList>()
    const inflected = this.#termMark(folded, replaced, nearIndex)
    const exact = replaced < 0 ? exactMark(digest, folded) : null
    rowsWith(dictionary, hash, (row) => {
      const shape = columns.shapes[row] ?? 0
      const mark = (shape & EXACT) === 0 ? inflected : exact
      const isIt =
        (shape & ~EXACT) === folded.length &&
        mark?.high === columns.highs[row] &&
        mark?.low === columns.lows[row]
      const list = data.lists[columns.lists[row] ?? 0]
      if (isIt && list !== undefined && (replaced < 0 || list.match === 'fuzzy')) lists.add(list)
    })
    return [...lists]
  }

  #termMark(folded: readonly FoldedWord[], replaced: number, nearIndex: number): Mark {
    const { digest, near } = this.#own
    return termMark(
      digest,
      folded.map(({ stem }, index) =>
        near !== null && index === folded.length - 1 - replaced && replaced >= 0
          ? nearWord(near, nearIndex)
          : wordMark(digest, stem),
      ),
    )
  }

  /** Words of a term stand together: a few signs between them, and no sentence ends there. */
  #isOnePhrase(words: number): boolean {
    for (let back = words - 1; back > 0; back--) {
      const from = this.#ends[(this.#count - 1 - back) & (RING - 1)] ?? 0
      const to = this.#starts[(this.#count - back) & (RING - 1)] ?? 0
      if (to - from > LONGEST_GAP) return false
      const between = this.#scan.text.slice(from, to)
      if (to - from > 3 && between.trim() !== '') return false
      if (/[.!?;:]\s|\n\s*\n/.test(between)) return false
    }
    return true
  }

  #tell({ document, start, end }: Passage): void {
    const registered = this.#own.data.documents[document]
    if (registered !== undefined)
      this.#found(draft('COMPANY_DOCUMENT', registered, start, end, PASSAGE))
  }
}

/** Units of a phrase, gaps included: twelve words at their longest. */
const LONGEST_PHRASE = 720

/** Units between two words of one term: indentation after a line break. */
const LONGEST_GAP = 12

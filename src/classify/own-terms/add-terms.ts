import type { TermProblem } from './spellings.ts'
import { spellingsOf } from './spellings.ts'
import { EXACT, rowsWith, sequenceHash, type TermColumns } from './dictionary.ts'
import type { FoldedWord } from './fold.ts'
import { exactMark, hashText, termMark, wordMark, type Digest, type Mark } from './lanes.ts'
import { addNearWords } from './add-near-words.ts'
import type { Match, OwnData, OwnTerms } from './own-terms.ts'

/** Rows of all lists together; a term has one to three. */
const MOST_ROWS = 6_000_000

/** What came of adding terms. `refused` tells places in what was given, never the terms. */
export interface Added {
  readonly data: OwnData
  readonly added: number
  /** Terms that the list had already. */
  readonly known: number
  readonly refused: readonly {
    readonly index: number
    readonly code: TermProblem | 'too-many-terms'
  }[]
}

/** One spelling as it is kept. */
export interface TermRow extends Mark {
  readonly hash: number
  readonly last: number
  readonly shape: number
}

/** Adds terms to a list of `own`; the terms themselves are not kept. */
export function addTerms(own: OwnTerms, listIndex: number, terms: readonly string[]): Added {
  const adding = new AddingTerms(own, listIndex)
  adding.take(terms)
  return adding.finish()
}

/** Terms on their way into a list, taken in as many parts as the caller likes: a million are the work of seconds. */
export class AddingTerms {
  readonly #own: OwnTerms
  readonly #listIndex: number
  readonly #maker: RowMaker
  readonly #isFuzzy: boolean
  readonly #fresh: TermRow[] = []
  readonly #seen = new Set<string>()
  readonly #near = new Map<string, FoldedWord>()
  readonly #refused: { index: number; code: TermProblem | 'too-many-terms' }[] = []
  #taken = 0
  #added = 0
  #known = 0

  constructor(own: OwnTerms, listIndex: number) {
    const match = own.data.lists[listIndex]?.match ?? 'inflected'
    this.#own = own
    this.#listIndex = listIndex
    this.#maker = new RowMaker(own.digest, own.lanes, match)
    this.#isFuzzy = match === 'fuzzy'
  }

  take(terms: readonly string[]): void {
    for (const term of terms) this.#takeOne(term, this.#taken++)
  }

  finish(): Added {
    const { data } = this.#own
    const lists = data.lists.map((one, index) =>
      index === this.#listIndex ? { ...one, terms: one.terms + this.#added } : one,
    )
    const near = addNearWords(this.#own, [...this.#near.values()])
    const terms = withRows(data.terms, this.#fresh, this.#listIndex)
    return {
      data: { ...data, lists, terms, near },
      added: this.#added,
      known: this.#known,
      refused: this.#refused,
    }
  }

  #takeOne(term: string, index: number): void {
    const spellings = spellingsOf(term)
    if (!spellings.ok) {
      this.#refused.push({ index, code: spellings.error })
      return
    }
    if (this.#own.data.terms.count + this.#fresh.length > MOST_ROWS) {
      this.#refused.push({ index, code: 'too-many-terms' })
      return
    }
    let isNew = false
    for (const [spelling, words] of spellings.value.entries()) {
      const row = this.#maker.row(words)
      const key = `${row.high}.${row.low}`
      if (this.#seen.has(key) || hasTerm(this.#own, row, this.#listIndex)) continue
      this.#seen.add(key)
      this.#fresh.push(row)
      // the first spelling is the term as it is written: others may be those of another term
      if (spelling === 0) isNew = true
      if (this.#isFuzzy) for (const word of words) this.#near.set(word.raw, word)
    }
    if (isNew) this.#added++
    else this.#known++
  }
}

/** Removes one term from a list; false when the list does not have it. */
export function removeTerm(
  own: OwnTerms,
  listIndex: number,
  term: string,
): { readonly data: OwnData; readonly removed: boolean } {
  const { data } = own
  const list = data.lists[listIndex]
  const spellings = spellingsOf(term)
  if (list === undefined || !spellings.ok) return { data, removed: false }
  const maker = new RowMaker(own.digest, own.lanes, list.match)
  const gone = new Set(
    spellings.value.map((words) => {
      const { high, low } = maker.row(words)
      return `${high}.${low}`
    }),
  )
  const { highs, lows, lists } = data.terms
  const terms = keepRows(
    data.terms,
    (row) => lists[row] !== listIndex || !gone.has(`${highs[row]}.${lows[row]}`),
  )
  if (terms.count === data.terms.count) return { data, removed: false }
  return {
    data: {
      ...data,
      terms,
      lists: data.lists.map((one, i) => (i === listIndex ? { ...one, terms: one.terms - 1 } : one)),
    },
    removed: true,
  }
}

/** The rows that stay, their lists renumbered. */
export function keepRows(
  columns: TermColumns,
  stays: (row: number) => boolean,
  listOf: (list: number) => number = (list) => list,
): TermColumns {
  const rows = Uint32Array.from({ length: columns.count }, (_, row) => row).filter(stays)
  const pick = (column: Uint32Array): Uint32Array => rows.map((row) => column[row] ?? 0)
  return {
    count: rows.length,
    hashes: pick(columns.hashes),
    lasts: pick(columns.lasts),
    highs: pick(columns.highs),
    lows: pick(columns.lows),
    lists: Uint16Array.from(rows, (row) => listOf(columns.lists[row] ?? 0)),
    shapes: Uint8Array.from(rows, (row) => columns.shapes[row] ?? 0),
  }
}

/** Makes rows of spellings; a word that comes again costs no second digest. */
class RowMaker {
  readonly #digest: Digest
  readonly #lanes: OwnTerms['lanes']
  readonly #isExact: boolean
  readonly #marks = new Map<string, Mark>()

  constructor(digest: Digest, lanes: OwnTerms['lanes'], match: Match) {
    this.#digest = digest
    this.#lanes = lanes
    this.#isExact = match === 'exact'
  }

  row(words: readonly FoldedWord[]): TermRow {
    const hashes = words.map(({ stem }) => hashText(stem, this.#lanes) >>> 0)
    const mark = this.#isExact
      ? exactMark(this.#digest, words)
      : termMark(
          this.#digest,
          words.map(({ stem }) => this.#word(stem)),
        )
    return {
      ...mark,
      hash: sequenceHash(hashes, this.#lanes) >>> 0,
      last: hashes.at(-1) ?? 0,
      shape: words.length | (this.#isExact ? EXACT : 0),
    }
  }

  #word(stem: string): Mark {
    const known = this.#marks.get(stem)
    if (known !== undefined) return known
    const mark = wordMark(this.#digest, stem)
    this.#marks.set(stem, mark)
    return mark
  }
}

function hasTerm({ dictionary }: OwnTerms, row: TermRow, listIndex: number): boolean {
  if (dictionary === null) return false
  const { highs, lows, lists } = dictionary.columns
  let isThere = false
  rowsWith(dictionary, row.hash, (at) => {
    if (highs[at] === row.high && lows[at] === row.low && lists[at] === listIndex) isThere = true
  })
  return isThere
}

function withRows(columns: TermColumns, rows: readonly TermRow[], listIndex: number): TermColumns {
  const grown = (column: Uint32Array, of: (row: TermRow) => number): Uint32Array => {
    const whole = new Uint32Array(column.length + rows.length)
    whole.set(column)
    rows.forEach((row, at) => {
      whole[column.length + at] = of(row)
    })
    return whole
  }
  const lists = new Uint16Array(columns.count + rows.length).fill(listIndex, columns.count)
  lists.set(columns.lists)
  const shapes = new Uint8Array(columns.count + rows.length)
  shapes.set(columns.shapes)
  rows.forEach(({ shape }, at) => {
    shapes[columns.count + at] = shape
  })
  return {
    count: columns.count + rows.length,
    hashes: grown(columns.hashes, ({ hash }) => hash),
    lasts: grown(columns.lasts, ({ last }) => last),
    highs: grown(columns.highs, ({ high }) => high),
    lows: grown(columns.lows, ({ low }) => low),
    lists,
    shapes,
  }
}

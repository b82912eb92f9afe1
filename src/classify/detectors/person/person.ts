import { readRun, type Word } from '../../names/capital-run.ts'
import {
  BREAK,
  COMMON_FIRST,
  COMMON_LAST,
  FIRST,
  LAST,
  ORDINARY,
  PLACE,
  TITLE,
  wordId,
} from '../../names/gazetteer.ts'
import { ENOUGH, weighName } from '../../names/weigh-name.ts'
import { isSourceCode, STATEMENT_WORDS, STATEMENTS } from '../../names/source-code.ts'
import type { Detector, Found } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { findIntroduced, findTyped, INTRODUCTIONS, NAME_FIELDS } from './introduced.ts'
import { tellPlace } from './place.ts'
import { CIVILITIES, findAfterCivility, tell } from './civility.ts'

/** A word that alone proves nothing, unless the text names the same person in full elsewhere. */
interface Waiting {
  readonly start: number
  readonly end: number
}

/** What the names of a text have told so far. */
interface State {
  /** Words of persons told in full. */
  readonly known: Set<number>
  readonly waiting: Waiting[]
  /** The end of the last person told. */
  last: number
}

/** Persons by civility and capitalised names, or by listed names, what stands around them, and what the same text told in full. */
export const person: Detector = {
  id: 'person',
  acrossParts: false,
  literals: [
    { name: 'title', standing: 'word', words: CIVILITIES },
    INTRODUCTIONS,
    NAME_FIELDS,
    STATEMENTS,
    STATEMENT_WORDS,
  ],
  find(scan, found) {
    const told = findAfterCivility(scan, found)
    findIntroduced(scan, found)
    findTyped(scan, found)
    const state: State = { known: new Set(), waiting: [], last: -1 }
    const { known, waiting } = state
    let done = -1
    let nextTold = 0
    const { capitals } = scan.runs
    for (let i = 0; i < capitals.length && !scan.steps.exhausted;) {
      const start = capitals[i] ?? 0
      while (nextTold < told.length && (told[nextTold]?.end ?? 0) <= start) nextTold++
      const civil = told[nextTold]
      if (civil !== undefined && civil.start <= start) {
        known.add(wordId(scan.text, start, civil.end))
        done = civil.end
        i++
        continue
      }
      const run = readRun(scan, i, done)
      i = run?.next ?? i + 1
      if (run === undefined) continue
      const [only] = run.words
      if (run.words.length > 1)
        for (const words of parted(scan.text, run.words)) weigh(scan, words, found, state)
      else if (only !== undefined && (only.kinds & BREAK) === 0)
        weigh(scan, run.words, found, state)
      done = run.words.at(-1)?.end ?? done
    }
    if (known.size === 0) return
    for (const { start, end } of waiting) {
      if (known.has(wordId(scan.text, start, end)))
        tell(scan, start, end, 0.6, 'named in full elsewhere', found)
    }
  },
}

/** The names of a run, without the words that break it and the titles before them. */
function parted(text: string, words: readonly Word[]): readonly (readonly Word[])[] {
  const parts: Word[][] = [[]]
  words.forEach((word, i) => {
    const part = parts.at(-1)
    const particle =
      part?.at(-1) !== undefined && isParticle(text, word) && words[i + 1] !== undefined
    if (!particle && (word.kinds & BREAK) !== 0) parts.push([])
    else if (isTitle(word, part?.length === 0) && words[i + 1] !== undefined) parts.push([])
    else part?.push(word)
  })
  return parts.map(withoutHead).filter((part) => part.length > 0)
}

/** Within a run only what is nothing but a title: "Martin Luther King Junior". */
const isTitle = ({ kinds }: Word, first: boolean): boolean =>
  (kinds & TITLE) !== 0 && (first || (kinds & (FIRST | COMMON_LAST)) === 0)

/** "Finanzminister Hans Eichel", "Commenter Virginia Woolf": a word of no list before a common first name. */
function withoutHead(words: readonly Word[]): readonly Word[] {
  const [head, next] = words
  if (words.length < 3 || head === undefined || next === undefined) return words
  const unlisted = !head.initial && (head.kinds & (FIRST | LAST | PLACE)) === 0
  const named = (next.kinds & COMMON_FIRST) !== 0 && (next.kinds & (ORDINARY | PLACE)) === 0
  return unlisted && named ? words.slice(1) : words
}

/** "Anna, Robert and Nicole": the next of a list of persons. */
const follows = (text: string, last: number, start: number): boolean =>
  last >= 0 &&
  start - last < 7 &&
  /^(?:, | and | et | & |, and |, et )$/.test(text.slice(last, start))

/** "Jean Le Goff", "Ana Da Silva": within a name these do not begin anything else. */
const isParticle = (text: string, { start, end }: Word): boolean =>
  end - start < 4 &&
  /^(?:Le|La|Da|De|Du|Di|Do|Dos|Das|Des|Van|Von|El|Al|Ben|Bin|Del|Der|Den)$/.test(
    text.slice(start, end),
  )

/** "la Santé", "the Will": no name stands there. */
const ARTICLE = /(?:^|[\s'’(])(?:la|le|les|the|du|des|une?) $/i

/** A first name alone identifies nobody: it is said, and raises no class. Another word gets so far by a title only. */
const aloneIs = (head: Word, score: number): number =>
  (head.kinds & FIRST) === 0 || score >= 0.9 ? 0.65 : 0.48

function weigh(scan: Scan, words: readonly Word[], found: Found, state: State): void {
  const [head] = words
  const tail = words.at(-1)
  if (head === undefined || tail === undefined) return
  let score = weighName(scan.text, words)
  if (score < ENOUGH && follows(scan.text, state.last, head.start) && (head.kinds & FIRST) !== 0)
    score += 0.2
  if (score >= ENOUGH && isSourceCode(scan, head.start)) score = Math.min(score, 0.85) - 0.4
  scan.steps.spend(8 * words.length)
  if (score >= ENOUGH) {
    const confidence = words.length > 1 ? Math.min(0.9, score + 0.1) : aloneIs(head, score)
    tell(scan, head.start, tail.end, Math.round(confidence * 100) / 100, 'name', found)
    for (const { start, end, kinds } of words) {
      if ((kinds & (ORDINARY | PLACE)) === 0) state.known.add(wordId(scan.text, start, end))
    }
    state.last = tail.end
  } else {
    if (words.length > 1 || head.kinds !== 0) tellPlace(scan, words, found)
    if (words.length > 1 || head.initial) return
    state.waiting.push({ start: head.start, end: head.end })
    // alone it is a hint to those who ask whether someone is spoken of
    if (
      (head.kinds & COMMON_FIRST) !== 0 &&
      (head.kinds & (ORDINARY | PLACE)) === 0 &&
      !ARTICLE.test(scan.text.slice(Math.max(0, head.start - 5), head.start))
    )
      scan.addPerson({ start: head.start, end: head.end })
  }
}

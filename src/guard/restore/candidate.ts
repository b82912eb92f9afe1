import { LETTERS, LONGEST } from '../mask/placeholder.ts'
import { TAGS } from '../mask/tags.ts'

/** What a model writes for a placeholder, more or less as it was given. */
export interface Candidate {
  readonly start: number
  readonly end: number
  /** Upper case; empty for a marked look-alike. */
  readonly letters: string
  /** It has our brackets and one of our words: a placeholder, whether we know it or not. */
  readonly isOurs: boolean
  /** What a marked look-alike was before it was marked. */
  readonly unmarked: string | null
}

/** Longest candidate, UTF-16 units: brackets, a word in any language, letters, what escapes them. */
export const LONGEST_CANDIDATE = 64

const TAG = TAGS.join('|')
const OPEN = String.raw`\\?[\[［【<{]`
const CLOSE = String.raw`\\?[\]］】>}]`
const LETTER = `[${LETTERS}]`

/**
 * In brackets: any word, a separator, letters; case, spaces, escapes and the kind of brackets may have changed. Without
 * brackets: exactly one of our words and its letters. With marks: a look-alike of the question.
 */
const CANDIDATE = new RegExp(
  [
    String.raw`\[(?<marks>~+)(?<shape>(?:${TAG})_${LETTER}{5,${LONGEST}})\]`,
    String.raw`${OPEN}\s?(?<word>\p{L}[\p{L}_ -]{0,30}?)\\?[_ -](?<inside>${LETTER}{3,${LONGEST}})\s?${CLOSE}`,
    String.raw`(?<![\p{L}\p{N}_])(?:${TAG})\\?_(?<bare>${LETTER}{5,${LONGEST}})(?![\p{L}\p{N}_])`,
  ].join('|'),
  'giu',
)
const OUR_WORD = new RegExp(`^(?:${TAG})$`, 'i')

/** Everything in a text that may be a placeholder. */
export function* candidatesIn(text: string): Generator<Candidate> {
  for (const match of text.matchAll(CANDIDATE)) {
    const { marks, shape, word, inside, bare } = match.groups ?? {}
    const start = match.index
    const end = start + match[0].length
    const unmarked =
      marks === undefined || shape === undefined ? null : `[${marks.slice(1)}${shape}]`
    const letters = unmarked === null ? (inside ?? bare ?? '').toUpperCase() : ''
    yield { start, end, letters, isOurs: word !== undefined && OUR_WORD.test(word), unmarked }
  }
}

/** An opening bracket, and nothing after it that a candidate cannot have. */
const OPENED = /\\?[[［【<{]~*\s?[\p{L}_~\\ -]*\s?\\?$/u
const TRAILING = /(?<![\p{L}\p{N}_])[A-Za-z]+(?:\\?_[A-Za-z]*|\\)?$/u

/** Where the end of a text may be the beginning of a candidate; its length where it cannot. */
export function openFrom(text: string): number {
  const from = Math.max(0, text.length - LONGEST_CANDIDATE)
  const tail = from === 0 ? text : text.slice(from)
  const opened = OPENED.exec(tail)
  if (opened) return from + opened.index
  const word = TRAILING.exec(tail)
  if (word && maybeBare(word[0].replaceAll('\\', '').toUpperCase())) return from + word.index
  return tail.endsWith('\\') ? text.length - 1 : text.length
}

const maybeBare = (word: string): boolean =>
  TAGS.some((tag) => `${tag}_`.startsWith(word) || word.startsWith(`${tag}_`))

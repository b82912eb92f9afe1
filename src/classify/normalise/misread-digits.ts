import { isDigitAt, kindAt, ALNUM } from '../scan/symbols.ts'

/** Text around a number in which a scanner may have read letters for digits; as long as the original, so that places are the same. */
export interface Reread {
  readonly text: string
  /** Place of `text` in the original. */
  readonly from: number
  /** Places, in `text`, of what was changed. */
  readonly changed: readonly number[]
}

/** By UTF-16 unit: the digit for which optical recognition gives this letter, or the digit itself; 0 for what looks like none. */
const DIGIT_OF = new Uint8Array(128)
const DIGITS = '0123456789'
const TWINS: readonly (readonly [letter: string, digit: string])[] = [
  ['O', '0'],
  ['o', '0'],
  ['Q', '0'],
  ['I', '1'],
  ['l', '1'],
  ['S', '5'],
  ['B', '8'],
]
for (const digit of DIGITS) DIGIT_OF[digit.charCodeAt(0)] = digit.charCodeAt(0)
for (const [letter, digit] of TWINS) DIGIT_OF[letter.charCodeAt(0)] = digit.charCodeAt(0)

const isTwin = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit > 57 && unit < 128 && DIGIT_OF[unit] !== 0
}

/** Units read on each side of such a letter: an identifier and the word that names it. */
const REACH = 100
/** Stretches reread in one text. */
const MOST = 64
/** A longer word is a hash or a name. */
const LONGEST_WORD = 30
/** Letters before the first digit of a word that is a number. */
const MOST_LETTERS_FIRST = 8

/** Stretches of a text with words that mix digits and letters that look like them; `numbers` are the starts of groups of digits. */
export function* rereadings(text: string, numbers: readonly number[]): Generator<Reread> {
  let done = 0
  let count = 0
  for (const start of numbers) {
    if (start < done || !isSuspect(text, start)) continue
    const from = Math.max(done, start - REACH)
    const reread = repaired(text, from, Math.min(text.length, start + REACH))
    done = start + REACH / 2
    if (reread === undefined) continue
    yield reread
    if (++count === MOST) return
  }
}

/** A group of digits that ends in such a letter, or follows a group that is one. */
function isSuspect(text: string, start: number): boolean {
  let end = start
  while (isDigitAt(text, end)) end++
  return isTwin(text, end) || (text[start - 1] === ' ' && isTwin(text, start - 3))
}

function repaired(text: string, from: number, to: number): Reread | undefined {
  const changed: number[] = []
  for (let at = from; at < to;) {
    let end = at
    while (end < to && (kindAt(text, end) & ALNUM) !== 0) end++
    if (isNumber(text, at, end)) {
      for (let i = at; i < end; i++) if (isTwin(text, i)) changed.push(i - from)
    }
    at = Math.max(end, at + 1)
  }
  if (changed.length === 0) return undefined
  let repairedText = ''
  let done = from
  for (const place of changed) {
    const at = from + place
    const digit = DIGIT_OF[text.charCodeAt(at)] ?? 0
    repairedText += text.slice(done, at) + String.fromCharCode(digit)
    done = at + 1
  }
  return { text: repairedText + text.slice(done, to), from, changed }
}

/** Whether a word has a digit, and letters that all look like some. */
function isNumber(text: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > LONGEST_WORD) return false
  let firstDigit = -1
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 127 || DIGIT_OF[unit] === 0) return false
    if (firstDigit < 0 && unit <= 57) firstDigit = at
  }
  return firstDigit >= 0 && firstDigit - start <= MOST_LETTERS_FIRST
}

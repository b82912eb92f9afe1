import { isDigitAt, kindAt, ALNUM } from '../scan/symbols.ts'

/** Text around a number in which a scanner may have read letters for digits; as long as the original, so that places are the same. */
export interface Reread {
  readonly text: string
  /** Place of `text` in the original. */
  readonly from: number
  /** Places, in `text`, of what was changed. */
  readonly changed: readonly number[]
}

/** Letters that optical recognition gives for digits. */
const TWINS: ReadonlyMap<string, string> = new Map([
  ['O', '0'],
  ['o', '0'],
  ['Q', '0'],
  ['I', '1'],
  ['l', '1'],
  ['S', '5'],
  ['B', '8'],
])
/** Units read on each side of such a letter: an identifier and the word that names it. */
const REACH = 100
/** Stretches reread in one text. */
const MOST = 64
/** A longer word is a hash or a name. */
const LONGEST_WORD = 30

/** Stretches of a text with words that mix digits and letters that look like them; `numbers` are the starts of groups of digits. */
export function* rereadings(text: string, numbers: readonly number[]): Generator<Reread> {
  let done = 0
  let count = 0
  for (const start of numbers) {
    if (start < done || !isSuspect(text, start)) continue
    const from = Math.max(done, start - REACH)
    const reread = repaired(text.slice(from, start + REACH), from)
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
  return TWINS.has(text[end] ?? '') || (text[start - 1] === ' ' && TWINS.has(text[start - 3] ?? ''))
}

function repaired(window: string, from: number): Reread | undefined {
  const changed: number[] = []
  let text = ''
  for (let at = 0; at < window.length;) {
    let end = at
    while ((kindAt(window, end) & ALNUM) !== 0) end++
    if (end === at) {
      text += window[at] ?? ''
      at++
      continue
    }
    text += word(window.slice(at, end), at, changed)
    at = end
  }
  return changed.length === 0 ? undefined : { text, from, changed }
}

/** The word in digits, if it has one and all its letters look like some. */
function word(given: string, at: number, changed: number[]): string {
  if (given.length > LONGEST_WORD || !/^(?=[A-Za-z]{0,8}\d)[\dOoQIlSB]{2,30}$/.test(given))
    return given
  return Array.from(given, (character, i) => {
    const digit = TWINS.get(character)
    if (digit !== undefined) changed.push(at + i)
    return digit ?? character
  }).join('')
}

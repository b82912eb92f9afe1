/** A word: letters and digits of any script. */
export interface Word {
  readonly start: number
  readonly end: number
}

const IN_WORD = new Uint8Array(128)
for (let unit = 0; unit < 128; unit++)
  IN_WORD[unit] = /[A-Za-z0-9]/.test(String.fromCharCode(unit)) ? 1 : 0
const BEYOND_ASCII = /[\p{L}\p{N}]/u

/** UTF-16 units of the letter or digit that stands here; 0 where none does. */
function unitsAt(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (unit < 128) return IN_WORD[unit] ?? 0
  const point = text.codePointAt(at)
  if (point === undefined || !BEYOND_ASCII.test(String.fromCodePoint(point))) return 0
  return point > 0xffff ? 2 : 1
}

/** The first word that begins at or after a place; null where there is none. */
export function nextWord(text: string, from: number): Word | null {
  for (let start = from; start < text.length; start++) {
    let units = unitsAt(text, start)
    if (units === 0) continue
    let end = start
    for (; units > 0; units = end < text.length ? unitsAt(text, end) : 0) end += units
    return { start, end }
  }
  return null
}

/** Every word of a text. */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = []
  for (let word = nextWord(text, 0); word; word = nextWord(text, word.end)) words.push(word)
  return words
}

/** Words that no value drawn at random holds. */
const WORDS =
  /example|exemple|changeme|change[-_]?me|placeholder|your[-_ ]|redacted|notreal|not[-_]?a?[-_]?(?:real|secret|password)|^test$|^secret$|^password$|^token$|^none$|^null$|^undefined$|^true$|^false$/i
/** Words so short that one value in some ten thousand holds one by chance. */
const SHORT = /votre|dummy|fake|sample|insert|todo/gi
/** Letters and digits in one piece that are more than a name for something, units. */
const LONGEST_NAME = 12
/** Units of a piece that are looked at around such a word. */
const MOST_READ = 128
/** How this house masks a value: nothing is left of it. */
const OWN = /^\[~*[A-Z]{2,8}_[B-DF-HJKMNP-TV-XZ]{5,12}\]$/
const SIGNS =
  /\$\{|\$\(|\{\{|<[^>]{1,60}>|%[sd(]|^\$[A-Za-z_]|\.\.\.|…|\*{3}|x{5}|X{5}|•{2}|^%[A-Z_]+%$|#\{/
/** As many of one character in a row are no value. */
const MOST_OF_ONE = 7
const SEQUENCE = /^abcdefg?\d|^123456|0123456789abcdef|abcdefghijkl|1234567890(?:12345|abcde)/i

/** Whether a value stands for one instead of being one: `changeme`, `${KEY}`, `<token>`, `xxxxxxxx`. */
export const isPlaceholder = (value: string): boolean =>
  WORDS.test(value) ||
  SIGNS.test(value) ||
  OWN.test(value) ||
  saysSo(value, SHORT) ||
  repeatsOne(value)

/** Whether such a word names the value: `fake_key`, `sk_live_fakekey1`. In a long piece with digits, or of capitals, it stands by chance. */
export function saysSo(value: string, words: RegExp): boolean {
  for (const { index, 0: word } of value.matchAll(words)) {
    let start = index
    let end = index + word.length
    // no further than it takes to tell
    while (start > 0 && end - start <= MOST_READ && isAlphanumeric(value, start - 1)) start -= 1
    while (end < value.length && end - start <= MOST_READ && isAlphanumeric(value, end)) end += 1
    const piece = value.slice(start, end)
    if (piece.length <= LONGEST_NAME || (/[a-z]/.test(piece) && !/\d/.test(piece))) return true
  }
  return false
}

const isAlphanumeric = (text: string, at: number): boolean => /[A-Za-z\d]/.test(text.charAt(at))

function repeatsOne(value: string): boolean {
  let run = 0
  for (let i = 1; i < value.length; i++) {
    run = value.charCodeAt(i) === value.charCodeAt(i - 1) ? run + 1 : 0
    if (run === MOST_OF_ONE) return true
  }
  return false
}

/** Whether a value is typed in keyboard order, as documentation does. */
export const isSequence = (value: string): boolean => SEQUENCE.test(value)

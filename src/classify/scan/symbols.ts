import { transliterated } from './transliterate.ts'

/** Size of the folded alphabet of the literal pass; a power of two so that a state is a shift away. */
export const ALPHABET = 64
export const SYMBOL_BITS = 6
export const SPACE_SYMBOL = 38

const PUNCTUATION = `-'_.:/@=+#",;?()<>&$%!{`
const OE = 27
const FIRST_DIGIT = 28
const FIRST_PUNCTUATION = 39
const DEGREE = 63

/** Bits of KIND. */
export const UPPER = 1
export const LOWER = 2
export const DIGIT = 4
export const SPACE = 8
/** May stand in a base64, base64url or hex run. */
export const TOKEN = 16
export const LETTER = UPPER | LOWER
export const ALNUM = LETTER | DIGIT

const SPACES = [9, 10, 11, 12, 13, 32, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]
const DASHES = '‐‑‒–—−'
const APOSTROPHES = '’ʼ‘`´'

const plainLetter = (unit: number): number => {
  const first = String.fromCharCode(unit).normalize('NFD').toLowerCase().charCodeAt(0)
  return first >= 97 && first <= 122 ? first - 96 : 0
}

const isLatin = (unit: number): boolean => unit < 0x250 || (unit >= 0x1e00 && unit < 0x1f00)
const isGreekOrCyrillic = (unit: number): boolean =>
  (unit >= 0x370 && unit < 0x530) || (unit >= 0x1f00 && unit < 0x2000)

/** One symbol for one letter, of whatever alphabet a keyword may be written in. */
function letterSymbol(unit: number): number {
  if (isLatin(unit)) return plainLetter(unit)
  const letter = isGreekOrCyrillic(unit) ? transliterated(String.fromCharCode(unit)) : ''
  return letter === '' ? 0 : plainLetter(letter.charCodeAt(0))
}

function symbolOf(unit: number): number {
  if (SPACES.includes(unit) || (unit >= 0x2000 && unit <= 0x200a)) return SPACE_SYMBOL
  const char = String.fromCharCode(unit)
  if (char === 'œ' || char === 'Œ') return OE
  if (unit >= 48 && unit <= 57) return FIRST_DIGIT + unit - 48
  const place = PUNCTUATION.indexOf(char)
  if (place >= 0) return FIRST_PUNCTUATION + place
  if (DASHES.includes(char)) return FIRST_PUNCTUATION
  if (APOSTROPHES.includes(char)) return FIRST_PUNCTUATION + 1
  if (char === '°' || char === 'º') return DEGREE
  return letterSymbol(unit)
}

function kindOf(unit: number, symbol: number): number {
  if (symbol === SPACE_SYMBOL) return SPACE
  if (unit >= 48 && unit <= 57) return DIGIT | TOKEN
  const char = String.fromCharCode(unit)
  if ('+/=_-'.includes(char)) return TOKEN
  if (!/^\p{L}$/u.test(char)) return 0
  const plain = unit < 128 ? TOKEN : 0
  return (char.toLowerCase() === char ? LOWER : UPPER) | plain
}

/** The folded symbol of a UTF-16 unit: case, accents, kinds of space, dash and apostrophe are one; 0 is "anything else". */
export const SYMBOL = new Uint8Array(65_536)

/** What a UTF-16 unit can be part of: bits UPPER, LOWER, DIGIT, SPACE, TOKEN. */
export const KIND = new Uint8Array(65_536)

for (let unit = 0; unit < 65_536; unit++) {
  const rare = unit >= 0x3001
  const symbol = rare ? 0 : symbolOf(unit)
  SYMBOL[unit] = symbol
  KIND[unit] = rare ? 0 : kindOf(unit, symbol)
}

/** Parts of a CELL: the symbol, and whether the unit can be part of a word, or of a base64 or hex run. */
export const CELL_KIND = { symbol: 63, word: 64, token: 128 } as const

/** Symbol and kind of a UTF-16 unit in one byte, for the one loop over a text. */
export const CELL = new Uint8Array(65_536)

for (let unit = 0; unit < 65_536; unit++) {
  const kind = KIND[unit] ?? 0
  const word = (kind & ALNUM) === 0 ? 0 : CELL_KIND.word
  CELL[unit] = (SYMBOL[unit] ?? 0) | word | ((kind & TOKEN) === 0 ? 0 : CELL_KIND.token)
}

/** Whether the unit at `index` is a letter or digit; false outside the text. */
export const isWordAt = (text: string, index: number): boolean =>
  index >= 0 && index < text.length && ((KIND[text.charCodeAt(index)] ?? 0) & ALNUM) !== 0

/** Whether the unit at `index` is an ASCII digit; false outside the text. */
export const isDigitAt = (text: string, index: number): boolean => {
  const unit = text.charCodeAt(index)
  return unit >= 48 && unit <= 57
}

/** The kind bits of the unit at `index`; 0 outside the text. */
export const kindAt = (text: string, index: number): number => KIND[text.charCodeAt(index)] ?? 0

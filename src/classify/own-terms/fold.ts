/** Between words. */
export const SEPARATOR = 0
/** Says nothing and does not end a word: accents that stand alone, vowel signs. */
const IGNORED = 1
/** Stands for two letters, told by PAIRS. */
const PAIR = 2
/** Ideographs and kana from here to HANGUL: each is a word by itself. */
const ALONE = 0x2e80
const HANGUL = 0xac00

const PAIRS: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ĳ: 'ij', þ: 'th' }

/** Cyrillic and Greek letters in the shape of Latin ones: one spelling for all, on both sides of every comparison. */
const TWINS = new Map(
  Array.from('авекмнорстухіјѕԁԛԝζικνοτυχ', (char, i) => [char, 'abekmhopctyxijsdqwzikvotyx'[i]]),
)

let made: Uint16Array | null = null

/** The folded letter of each UTF-16 unit: lower case, without accents; 0 where a word ends. Made when words are first read: who has no terms of their own never pays for it. */
function foldTable(): Uint16Array {
  made ??= Uint16Array.from({ length: 65_536 }, (_, unit) => foldOf(String.fromCharCode(unit)))
  return made
}

function foldOf(char: string): number {
  if (/^\p{M}$/u.test(char)) return IGNORED
  if (!/^[\p{L}\p{N}]$/u.test(char)) return SEPARATOR
  const lower = char.toLowerCase()
  if (Object.hasOwn(PAIRS, lower)) return PAIR
  const bare = lower.normalize('NFKD').charAt(0)
  return (TWINS.get(bare) ?? bare).charCodeAt(0)
}

/** Letters of the longest word that counts; what is longer is no word of a person. */
export const LONGEST_WORD = 48

/** The word that was just read; the next one overwrites it. */
export interface ReadWord {
  /** Its folded letters. */
  readonly letters: Uint16Array
  length: number
}

/** Takes the words of a text, each with its place. */
export interface WordVisitor {
  word(start: number, end: number): void
  /** A run of letters too long for a word: nothing reaches across it. */
  gap(): void
}

/** A place for the words of a text. */
export const readWord = (): ReadWord => ({
  letters: new Uint16Array(LONGEST_WORD + 2),
  length: 0,
})

/** Cuts a text into folded words, in one pass; `word` holds the one that the visitor is told of. */
export function walkWords(
  units: Uint16Array,
  textLength: number,
  word: ReadWord,
  visitor: WordVisitor,
): void {
  const fold = foldTable()
  let at = 0
  while (at < textLength) {
    const folded = fold[units[at] ?? 0] ?? SEPARATOR
    if (folded <= IGNORED) at++
    else if (folded >= ALONE && folded < HANGUL) {
      word.letters[0] = folded
      word.length = 1
      visitor.word(at, ++at)
    } else {
      const start = at
      at = readLetters(fold, units, at, textLength, word)
      if (word.length > LONGEST_WORD) visitor.gap()
      else visitor.word(start, at)
    }
  }
}

/** Reads the letters from `start` into `word`; where they end. */
function readLetters(
  fold: Uint16Array,
  units: Uint16Array,
  start: number,
  textLength: number,
  word: ReadWord,
): number {
  const { letters } = word
  let length = 0
  let at = start
  for (; at < textLength; at++) {
    const folded = fold[units[at] ?? 0] ?? SEPARATOR
    if (folded <= PAIR || folded >= ALONE) {
      if (folded === SEPARATOR || (folded >= ALONE && folded < HANGUL)) break
      if (folded === IGNORED) continue
      if (folded === PAIR) {
        const pair = PAIRS[String.fromCharCode(units[at] ?? 0).toLowerCase()] ?? ''
        letters[Math.min(length++, LONGEST_WORD)] = pair.charCodeAt(0)
        letters[Math.min(length++, LONGEST_WORD)] = pair.charCodeAt(1)
        continue
      }
    }
    if (length <= LONGEST_WORD) letters[length++] = folded
  }
  word.length = Math.min(length, LONGEST_WORD + 1)
  return at
}

/** A folded word as a string, and the same without its ending. */
export interface FoldedWord {
  readonly raw: string
  readonly stem: string
}

/** Short texts, a term or a candidate, need no memory of their own: nothing else reads words meanwhile. */
const SHORT = 1_024
const shortUnits = new Uint16Array(SHORT)
const shortWord = readWord()

/** The folded words of a text; null when a run of letters in it is too long for a word. */
export function foldedWords(text: string): readonly FoldedWord[] | null {
  const words: FoldedWord[] = []
  let isWhole = true
  const { letters } = shortWord
  walkWords(unitsOfText(text), text.length, shortWord, {
    word() {
      const { length } = shortWord
      const raw = lettersText(letters, length)
      const left = stemLength(letters, length)
      const isBare = left === length && letters[left - 1] === raw.charCodeAt(left - 1)
      words.push({ raw, stem: isBare ? raw : lettersText(letters, left) })
    },
    gap: () => void (isWhole = false),
  })
  return isWhole ? words : null
}

/** The units of a text, valid until the next call for a short one; those of `scan/units.ts` are in use during a scan. */
export function unitsOfText(text: string): Uint16Array {
  const units = text.length <= SHORT ? shortUnits : new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at)
  return units
}

function lettersText(letters: Uint16Array, length: number): string {
  let text = ''
  for (let at = 0; at < length; at++) text += String.fromCharCode(letters[at] ?? 0)
  return text
}

const [A, E, I, L, S, U, X, Y, C, H, Z] = Array.from('aeilsuxychz', (char) => char.charCodeAt(0))

/** Shorter words keep their ending: "Mars" is no plural. */
const SHORTEST_PLURAL = 5
/** Company, companies; but not Marie. */
const SHORTEST_IE = 7

/** Takes off the plural, English or French, in place; the length that is left. Forms of one word come out equal. */
export function stemLength(letters: Uint16Array, length: number): number {
  if (length < SHORTEST_PLURAL) return length
  const last = letters[length - 1]
  const before = letters[length - 2]
  let left = length
  if (last === X && before === U) {
    // journaux, journal; but bateaux, bateau
    if (letters[length - 3] === A && letters[length - 4] !== E) letters[length - 2] = L ?? 0
    return length - 1
  }
  if (last === S && before !== S) left--
  if (left >= SHORTEST_IE && letters[left - 1] === Y) letters[left - 1] = I ?? 0
  if (left < SHORTEST_PLURAL || letters[left - 1] !== E) return left
  const ending = letters[left - 2]
  if (ending === I) return left >= SHORTEST_IE ? left - 1 : left
  const hisses = ending === S && letters[left - 3] === S
  const hushes = ending === H && (letters[left - 3] === C || letters[left - 3] === S)
  // addresses, address; launches, launch
  return hisses || hushes || ending === X || ending === Z ? left - 1 : left
}

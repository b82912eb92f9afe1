import type { TextPart } from '#kernel/text-part.ts'

/** What the request itself held: its newest message, the system prompt, the history and the results of tools alike. */
export interface Question {
  /** Whether a value stands in it, whatever its case, accents and separators. */
  holds(value: string, type: string): boolean
  /** Whether it holds this very text. */
  holdsExactly(text: string): boolean
  /** Whether so many letters and digits of a text stand in it one after the other, from one word to another. */
  holdsRun(text: string, least: number): boolean
}

/** Digits that make a telephone number the same with and without the prefix of its country. */
const NATIONAL_DIGITS = 9
/** What stands before names. */
const TITLES: ReadonlySet<string> = new Set(
  'm mr mme mlle mrs ms miss mx dr pr prof me monsieur madame mademoiselle docteur maitre sir'.split(
    ' ',
  ),
)

/** Letters and digits alone, in one case and without accents, with the places where words begin. */
interface Folded {
  readonly text: string
  /** Offsets of words in `text`, and its length at the end. */
  readonly starts: ReadonlySet<number>
}

/** Read when something is first asked of it: most answers hold nothing to compare. */
export function questionOf(parts: () => readonly TextPart[]): Question {
  let folded: Folded | null = null
  const known = (): Folded => (folded ??= fold(parts().map(({ text }) => text)))
  return {
    holds(value, type) {
      const words = wordsOf(value)
      while (words.length > 1 && TITLES.has(words[0] ?? '')) words.shift()
      const wanted = words.join('')
      if (wanted === '') return false
      if (type === 'PHONE_NUMBER') {
        const digits = wanted.replaceAll(/\D/g, '')
        if (digits.length >= NATIONAL_DIGITS)
          return hasEnding(known(), digits.slice(-NATIONAL_DIGITS))
      }
      return hasWords(known(), wanted) || hasWords(known(), words.toReversed().join(''))
    },
    holdsExactly: (text) => parts().some((part) => part.text.includes(text)),
    holdsRun(text, least) {
      const wanted = wordsOf(text)
      for (let first = 0; first < wanted.length; first++) {
        let run = ''
        for (let next = first; next < wanted.length && run.length < least; next++)
          run += wanted[next]
        if (run.length < least) return false
        if (hasWords(known(), run)) return true
      }
      return false
    },
  }
}

const WORD = /[\p{L}\p{N}]+/gu

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()

const wordsOf = (text: string): string[] => plain(text).match(WORD) ?? []

function fold(texts: readonly string[]): Folded {
  const pieces: string[] = []
  const starts = new Set<number>()
  let length = 0
  for (const text of texts) {
    for (const [word] of plain(text).matchAll(WORD)) {
      starts.add(length)
      pieces.push(word)
      length += word.length
    }
  }
  starts.add(length)
  return { text: pieces.join(''), starts }
}

/** From the beginning of a word to the end of one. */
function hasWords({ text, starts }: Folded, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (starts.has(at) && starts.has(at + wanted.length)) return true
  }
  return false
}

/** Up to the end of a word. */
function hasEnding({ text, starts }: Folded, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (starts.has(at + wanted.length)) return true
  }
  return false
}

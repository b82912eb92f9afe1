import { TAGS } from './tags.ts'

/** Consonants alone: they make no words, and no numbers that a detector would read. One case, so that case can be lost. */
export const LETTERS = 'BCDFGHJKMNPQRSTVWXZ'
/** Letters of a placeholder: two and a half million of them; one more where two values would have the same. */
export const SHORTEST = 5
/** 19^12 is beyond what any conversation holds. */
export const LONGEST = 12

/** Letters that stand for a digest, as many as are asked for. */
export function lettersOf(digest: Uint8Array, length: number): string {
  let letters = ''
  for (let i = 0; i < length; i++) letters += LETTERS[(digest[i] ?? 0) % LETTERS.length] ?? ''
  return letters
}

/** `[PERSON_KWTRX]`: no character that JSON, Markdown or HTML has to escape. */
export const placeholderText = (tag: string, letters: string): string => `[${tag}_${letters}]`

const SHAPE = `(?:${TAGS.join('|')})_[${LETTERS}]{${SHORTEST},${LONGEST}}`

/** What looks like a placeholder, with the marks that earlier escapes have put in. */
const LOOK_ALIKE = new RegExp(`\\[(~*)(${SHAPE})\\]`, 'g')
const ESCAPED = new RegExp(`\\[~(~*)(${SHAPE})\\]`, 'g')

/** Marks what looks like a placeholder and is none, so that nobody can make one up: `[~PERSON_KWTRX]`. */
export const escapeLookAlikes = (text: string, isOurs: (placeholder: string) => boolean): string =>
  text.includes('_')
    ? text.replaceAll(LOOK_ALIKE, (found, marks: string, shape: string) =>
        marks === '' && isOurs(found) ? found : `[~${marks}${shape}]`,
      )
    : text

/** Takes one mark away again. */
export const unescapeLookAlikes = (text: string): string =>
  text.includes('[~') ? text.replaceAll(ESCAPED, '[$1$2]') : text

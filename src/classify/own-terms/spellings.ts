import { viewOf } from '../normalise/view.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { MOST_WORDS } from './dictionary.ts'
import { foldedWords, type FoldedWord } from './fold.ts'

/** Why a term is not taken. */
export const TERM_PROBLEMS = [
  'term-empty',
  'term-too-short',
  'term-too-long',
  'term-too-common',
] as const
export type TermProblem = (typeof TERM_PROBLEMS)[number]

/** Units of the longest term as it is written. */
const LONGEST_TERM = 400
const FEWEST_LETTERS = 3
const IDEOGRAPHS = /^[\u3040-\u9fff]+$/
/** A number that stands in every other text says nothing. */
const FEWEST_DIGITS = 5
/** A name written without its spaces must still be told from a word. */
const SHORTEST_COMPACT = 6
const SHORTEST_CODE = 4

/** Where a code or a name in one word has parts. */
const SEAMS = /\p{Ll}\p{Lu}|\p{L}\d|\d\p{L}/u

/** Words that half of all sentences hold. */
const COMMON = new Set(
  'the and for are was not you all any can had her his one our out has who its with this that from have they will your what when une des les est pas que qui son ses aux par sur dans pour avec sans plus vous nous elle ils mais cette tout tous sont leur comme'.split(
    ' ',
  ),
)

/** The spellings under which a term is looked for: as written, in one word, and with its parts apart (`ACME-42`, `ACME42`, `ProjetAurore`). */
export function spellingsOf(term: string): Result<readonly (readonly FoldedWord[])[], TermProblem> {
  if (term.length > LONGEST_TERM) return err('term-too-long')
  const { text } = viewOf(term)
  const written = foldedWords(text)
  if (written === null || written.length > MOST_WORDS) return err('term-too-long')
  const letters = written.map(({ raw }) => raw).join('')
  if (letters === '') return err('term-empty')
  if (letters.length < FEWEST_LETTERS && !(letters.length === 2 && IDEOGRAPHS.test(letters)))
    return err('term-too-short')
  if (/^\d+$/.test(letters) && letters.length < FEWEST_DIGITS) return err('term-too-short')
  if (written.every(({ raw }) => (raw.length < 3 && !IDEOGRAPHS.test(raw)) || COMMON.has(raw)))
    return err('term-too-common')
  const apart = SEAMS.test(text)
    ? foldedWords(
        text
          .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
          .replaceAll(/(\p{L})(\d)/gu, '$1 $2')
          .replaceAll(/(\d)(\p{L})/gu, '$1 $2'),
      )
    : null
  const spellings = [written]
  if (apart !== null && apart.length !== written.length && apart.length <= MOST_WORDS)
    spellings.push(apart)
  const isCode = /\d/.test(letters) && /\D/.test(letters)
  const isSafe = letters.length >= (isCode ? SHORTEST_CODE : SHORTEST_COMPACT)
  const compact = written.length > 1 && isSafe ? foldedWords(letters) : null
  if (compact?.length === 1) spellings.push(compact)
  return ok(spellings)
}

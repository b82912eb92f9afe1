import { err, ok, type Result } from '#kernel/result.ts'
import { keepRows } from './add-terms.ts'
import { EMPTY_DATA, type OwnData, type OwnPattern, type TermList } from './own-terms.ts'
import { acceptPattern } from './pattern-source.ts'
import type { PatternProblem } from './pattern-syntax.ts'

/** Lists, and patterns, that a company may have; each pattern reads every text once. */
export const MOST_LISTS = 64
export const MOST_PATTERNS = 64

/** Makes a list, or changes what finding one of its terms means. How its terms are found is fixed while it has any. */
export function putList(
  data: OwnData,
  list: Omit<TermList, 'terms'>,
): Result<OwnData, 'match-is-fixed' | 'too-many-lists'> {
  const at = data.lists.findIndex(({ id }) => id === list.id)
  const known = data.lists[at]
  if (known === undefined) {
    if (data.lists.length >= MOST_LISTS) return err('too-many-lists')
    return ok({ ...data, lists: [...data.lists, { ...list, terms: 0 }] })
  }
  if (known.match !== list.match && known.terms > 0) return err('match-is-fixed')
  const changed = { ...list, terms: known.terms }
  return ok({ ...data, lists: data.lists.map((one, index) => (index === at ? changed : one)) })
}

/** Removes a list and its terms; unchanged when there is none of that id. */
export function withoutList(data: OwnData, id: string): OwnData {
  const gone = data.lists.findIndex((list) => list.id === id)
  if (gone < 0) return data
  const lists = data.lists.filter((_, index) => index !== gone)
  const terms = keepRows(
    data.terms,
    (row) => data.terms.lists[row] !== gone,
    (list) => (list > gone ? list - 1 : list),
  )
  // hashes of near words do not tell which list they came from: they go with the last list that may use them
  const near = lists.some(({ match }) => match === 'fuzzy') ? data.near : EMPTY_DATA.near
  return { ...data, lists, terms, near }
}

/** Adds a regular expression that may run here, in place of what had its id. */
export function putPattern(
  data: OwnData,
  pattern: OwnPattern,
): Result<OwnData, PatternProblem | 'too-many-patterns'> {
  const accepted = acceptPattern(pattern.source, pattern.ignoreCase)
  if (!accepted.ok) return accepted
  const others = data.patterns.filter(({ id }) => id !== pattern.id)
  if (others.length >= MOST_PATTERNS) return err('too-many-patterns')
  return ok({ ...data, patterns: [...others, pattern] })
}

export const withoutPattern = (data: OwnData, id: string): OwnData => ({
  ...data,
  patterns: data.patterns.filter((pattern) => pattern.id !== id),
})

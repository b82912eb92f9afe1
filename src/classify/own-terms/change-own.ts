import { err, ok, type Result } from '#kernel/result.ts'
import { addTerms, removeTerm, type Added } from './add-terms.ts'
import { putList, putPattern, withoutList, withoutPattern } from './edit-own.ts'
import type { Meaning, OwnData, OwnPattern, OwnTerms, TermList } from './own-terms.ts'
import type { OwnProblem } from './problem-words.ts'
import { registerDocument, withoutDocument } from './register-document.ts'

/** One thing that an administrator may do with what the company has told. */
export type OwnChange =
  | { readonly kind: 'put-list'; readonly list: Omit<TermList, 'terms'> }
  | { readonly kind: 'add-terms'; readonly id: string; readonly terms: readonly string[] }
  | { readonly kind: 'remove-term'; readonly id: string; readonly term: string }
  | { readonly kind: 'remove-list'; readonly id: string }
  | { readonly kind: 'put-pattern'; readonly pattern: OwnPattern }
  | { readonly kind: 'remove-pattern'; readonly id: string }
  | { readonly kind: 'register-document'; readonly meaning: Meaning; readonly text: string }
  | { readonly kind: 'remove-document'; readonly id: string }

/** What came of it; `added` only where terms were given. */
export interface Changed {
  readonly data: OwnData
  readonly added?: Omit<Added, 'data'>
}

/** The field at fault, and why; `not-found` where nothing has that name. */
export interface ChangeProblem {
  readonly param: string
  readonly code: OwnProblem | 'not-found'
}

/** What would be kept after a change. Neither the answer nor a problem holds a term. */
export function changeOwn(own: OwnTerms, change: OwnChange): Result<Changed, ChangeProblem> {
  const { data } = own
  switch (change.kind) {
    case 'put-list':
      return refusedAt('match', putList(data, change.list))
    case 'add-terms':
      return add(own, change.id, change.terms)
    case 'remove-term': {
      const at = data.lists.findIndex(({ id }) => id === change.id)
      const { data: rest, removed } = removeTerm(own, at, change.term)
      return removed ? ok({ data: rest }) : notFound
    }
    case 'remove-list':
      return unlessSame(data, withoutList(data, change.id))
    case 'put-pattern':
      return refusedAt('source', putPattern(data, change.pattern))
    case 'remove-pattern': {
      const rest = withoutPattern(data, change.id)
      return rest.patterns.length === data.patterns.length ? notFound : ok({ data: rest })
    }
    case 'register-document': {
      const registered = registerDocument(own, change.meaning, change.text)
      return registered.ok
        ? ok({ data: registered.value.data })
        : err({ param: 'text', code: registered.error })
    }
    case 'remove-document':
      return unlessSame(data, withoutDocument(data, change.id))
  }
}

function add(own: OwnTerms, id: string, terms: readonly string[]): Result<Changed, ChangeProblem> {
  const at = own.data.lists.findIndex((list) => list.id === id)
  if (at < 0) return notFound
  const { data, ...added } = addTerms(own, at, terms)
  return ok({ data, added })
}

const notFound: Result<never, ChangeProblem> = err({ param: 'id', code: 'not-found' })

const unlessSame = (before: OwnData, after: OwnData): Result<Changed, ChangeProblem> =>
  before === after ? notFound : ok({ data: after })

const refusedAt = (
  param: string,
  made: Result<OwnData, OwnProblem>,
): Result<Changed, ChangeProblem> =>
  made.ok ? ok({ data: made.value }) : err({ param, code: made.error })

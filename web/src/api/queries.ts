import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './failure.ts'

/** Names of what is cached; a change of session forgets everything but the session itself. */
export const KEYS = {
  session: ['session'],
  providers: ['providers'],
  status: ['status'],
  models: ['models'],
  decisions: ['decisions'],
  explain: ['explain'],
} as const

/** A failure that another try may mend: nothing answered, or the gateway stumbled. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500)

/** Nobody is signed in any more: what the last caller was shown is forgotten. */
export function endSession(queries: QueryClient): void {
  queries.setQueryData(KEYS.session, null)
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEYS.session[0] })
}

/** The cache of answers. */
export const createQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && isPassing(error),
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })

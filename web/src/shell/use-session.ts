import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { useHttp } from '../api/http-context.ts'
import { KEYS, endSession } from '../api/queries.ts'
import { signInProviders } from '../api/providers.ts'
import type { Provider } from '../api/providers.ts'
import { currentSession, signIn, signOut } from '../api/session.ts'
import type { Session } from '../api/session.ts'

/** Who is signed in; null when nobody is. */
export function useSession(): UseQueryResult<Session | null> {
  const http = useHttp()
  return useQuery({
    queryKey: KEYS.session,
    queryFn: ({ signal }) => currentSession(http, signal),
    staleTime: Infinity,
  })
}

/** The identity providers that can be signed in with. */
export function useProviders(): UseQueryResult<readonly Provider[]> {
  const http = useHttp()
  return useQuery({
    queryKey: KEYS.providers,
    queryFn: ({ signal }) => signInProviders(http, signal),
    staleTime: Infinity,
  })
}

/** Signs in with a key, which is not kept. */
export function useSignIn(): UseMutationResult<Session, Error, string> {
  const http = useHttp()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (key: string) => signIn(http, key),
    onSuccess: (session) => queries.setQueryData(KEYS.session, session),
    gcTime: 0,
  })
}

/** Signs out and forgets every answer that was cached. */
export function useSignOut(): UseMutationResult<string | null, Error, void> {
  const http = useHttp()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => signOut(http),
    onSuccess: (next) => {
      endSession(queries)
      if (next !== null) window.location.assign(next)
    },
  })
}

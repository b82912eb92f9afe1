import { useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import { useHttp } from '../api/http-context.ts'
import { KEYS } from '../api/queries.ts'
import { status, statusIntervalMs } from '../api/status.ts'
import type { Status } from '../api/status.ts'

/** The state of the gateway, asked again on its own; every component that reads it shares one poll. */
export function useStatus(): UseQueryResult<Status> {
  const http = useHttp()
  return useQuery({
    queryKey: KEYS.status,
    queryFn: ({ signal }) => status(http, signal),
    refetchInterval: ({ state }) => statusIntervalMs(state.data?.engine),
    staleTime: 1_000,
  })
}

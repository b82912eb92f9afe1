import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { decisions, liveDecisions } from '../../../api/decisions.ts'
import type { DecisionFilter, DecisionPage, LiveEvent } from '../../../api/decisions.ts'
import { ApiError, isAbort } from '../../../api/failure.ts'
import { useHttp } from '../../../api/http-context.ts'
import type { Http } from '../../../api/http.ts'
import { KEYS } from '../../../api/queries.ts'
import { LIVE_ROWS, pagesAfter } from './decision-pages.ts'
import { reconnectDelayMs } from './reconnect.ts'

type Happened = Exclude<LiveEvent, { kind: 'open' }>

type Pages = InfiniteData<DecisionPage, string | null>

/** The pages of decisions that match a filter, newest first. */
export function useDecisions(filter: DecisionFilter) {
  const http = useHttp()
  return useInfiniteQuery({
    queryKey: [...KEYS.decisions, filter],
    queryFn: ({ pageParam, signal }) => decisions(http, filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 60_000,
  })
}

/** off: the key may not watch, and asking again would not help. */
export type LiveState = 'open' | 'connecting' | 'off'

/** Keeps the list current from the live stream. */
export function useLiveDecisions(filter: DecisionFilter): LiveState {
  const http = useHttp()
  const queries = useQueryClient()
  const [live, setLive] = useState<LiveState>('connecting')
  // The stream stays open when the filter changes.
  const apply = useEffectEvent((event: Happened) => applyLive(queries, filter, event))
  useEffect(() => {
    const controller = new AbortController()
    void follow(http, controller.signal, {
      opened: () => {
        setLive('open')
        // What happened between the first page and now, or while the connection was down.
        void queries.invalidateQueries({ queryKey: KEYS.decisions })
      },
      event: (event) => apply(event),
      lost: () => setLive('connecting'),
      refused: () => setLive('off'),
    })
    return () => controller.abort()
  }, [http, queries])
  return live
}

interface Follower {
  readonly opened: () => void
  readonly event: (event: Happened) => void
  readonly lost: () => void
  readonly refused: () => void
}

/** Reads the live stream, and again after each break, until the signal aborts. */
async function follow(http: Http, signal: AbortSignal, follower: Follower): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      for await (const event of liveDecisions(http, signal)) {
        if (event.kind === 'open') {
          failures = 0
          follower.opened()
        } else follower.event(event)
      }
    } catch (thrown) {
      if (isAbort(thrown)) return
      if (thrown instanceof ApiError && thrown.status === 403) return follower.refused()
    }
    if (signal.aborted) return
    follower.lost()
    failures += 1
    await pause(reconnectDelayMs(failures), signal)
  }
}

const pause = (waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

function applyLive(queries: QueryClient, filter: DecisionFilter, event: Happened): void {
  const queryKey = [...KEYS.decisions, filter]
  queries.setQueryData<Pages>(queryKey, (data) =>
    data === undefined ? data : { ...data, pages: [...pagesAfter(data.pages, event, filter)] },
  )
  const first = queries.getQueryData<Pages>(queryKey)?.pages[0]
  if ((first?.decisions.length ?? 0) > LIVE_ROWS) void queries.resetQueries({ queryKey })
}

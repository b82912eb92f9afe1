// What a worker hands over to the process that holds the database: what it saw, counted and wants committed.
import type { DataHouse } from '#gateway/ports.ts'
import type { LedgerBatch } from '#ledger/ports.ts'
import { ShadowCounts } from '#policy/shadow.ts'
import type { Observation } from '../telemetry/observation.ts'
import { watchRequest, type OpenCounts } from '../telemetry/watch.ts'
import type { Commitment } from './core.ts'
import type { Log } from './log.ts'
import { logRequest } from './observe.ts'
import type { ToSupervisor } from './worker-messages.ts'

/** Requests that have ended are told this often, milliseconds. */
const SEEN_MS = 250

export const tell = (message: ToSupervisor): void => {
  if (process.connected) process.send?.(message)
}

export interface Commits {
  readonly append: (batch: LedgerBatch) => Promise<void | 'spooled'>
  readonly acknowledge: (batch: number, how: Commitment) => void
}

/** A store whose commits happen in the process that holds the database; each batch waits for its acknowledgement. */
export function committedElsewhere(): Commits {
  const waiting = new Map<number, PromiseWithResolvers<void | 'spooled'>>()
  let sent = 0
  return {
    append: (records) => {
      sent += 1
      const batch = sent
      const answer = Promise.withResolvers<void | 'spooled'>()
      waiting.set(batch, answer)
      tell({ kind: 'append', batch, records })
      return answer.promise
    },
    acknowledge: (batch, how) => {
      const one = waiting.get(batch)
      waiting.delete(batch)
      if (how === 'failed') one?.reject(new Error('not committed'))
      else one?.resolve(how === 'spooled' ? how : undefined)
    },
  }
}

/** Counts of a shadow, handed over. */
export function handedShadows(): ShadowCounts {
  const counts = new ShadowCounts()
  setInterval(() => {
    const taken = counts.take()
    if (taken.length > 0) tell({ kind: 'shadow', counts: taken })
  }, SEEN_MS).unref()
  return counts
}

interface Watching extends Pick<DataHouse, 'watch'> {
  /** Hands over what has been seen so far. */
  readonly hand: () => void
}

/** Watches the requests of this worker: logged here, counted where the database is. */
export function watchHere(clock: () => number, log: Log): Watching {
  const open: OpenCounts = { requests: 0, streams: 0 }
  let seen: Observation[] = []
  let told = ''
  const hand = (): void => {
    const counts = JSON.stringify(open)
    if (seen.length === 0 && counts === told) return
    told = counts
    tell({ kind: 'seen', seen, open })
    seen = []
  }
  setInterval(hand, SEEN_MS).unref()
  const observe = (one: Observation): void => {
    logRequest(log, one)
    seen.push(one)
  }
  const ports = { clock, now: () => performance.now(), open, observe }
  return { watch: (arrival) => watchRequest(ports, arrival), hand }
}

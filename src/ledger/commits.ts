import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { LedgerEvent, LedgerRecord } from './event.ts'
import { bytesOf } from './hash.ts'
import type { LedgerSink } from './ports.ts'
import type { Scheduler } from './scheduler.ts'
import { Waiting, type Chained } from './waiting.ts'

/** A record and the event in it, once it is durable. */
export interface Committed {
  readonly record: LedgerRecord
  readonly event: LedgerEvent
}

type Listener = (committed: readonly Committed[]) => void
type Settle = (result: Result<void, Refusal>) => void

export interface CommitsOptions {
  readonly store: LedgerSink
  readonly scheduler: Scheduler
  readonly lingerMs: Milliseconds
}

/** Records in one transaction at most, so that a long queue does not hold the event loop. */
const MAX_BATCH = 500
/** Failed tries in a row before those who wait are refused; the records stay queued. */
const MAX_TRIES = 5
/** Milliseconds: 20, 40, 80 ... up to a second. */
const FIRST_DELAY = 20
const LONGEST_DELAY = 1000

export const unavailable = err<Refusal>({ code: 'ledger-unavailable' })

/** Chained records on their way to the store, in order, in batches; one batch at a time. */
export function createCommits({ store, scheduler, lingerMs }: CommitsOptions) {
  const queue: Waiting[] = []
  const listeners = new Set<Listener>()
  const drained: Settle[] = []
  const tried: (() => void)[] = []
  let phase: 'idle' | 'lingering' | 'due' = 'idle'
  let failures = 0
  let lastError: string | null = null

  const hurry = (): void => {
    if (phase === 'due' || queue.length === 0) return
    phase = 'due'
    scheduler.soon(flush)
  }

  const flush = (): void => {
    const batch = queue.slice(0, MAX_BATCH)
    const last = batch.at(-1)
    if (!last) return
    const { writer, seq } = last.record
    const records = batch.map(({ record }) => record)
    try {
      const pending = store.append({
        writer,
        records,
        head: { writer, seq, hash: bytesOf(last.hash) },
      })
      if (pending) pending.then((how) => committed(batch, how === 'spooled'), failed)
      else committed(batch, false)
    } catch (error) {
      failed(error)
    }
  }

  /** Kept here while the database is away, they are safe, and still no evidence for those who wait. */
  const committed = (batch: readonly Waiting[], isSpooled: boolean): void => {
    queue.splice(0, batch.length)
    failures = 0
    lastError = null
    for (const one of batch) one.settle(isSpooled ? unavailable : ok(undefined))
    for (const listener of listeners) tell(listener, batch)
    phase = 'idle'
    if (queue.length > 0) return hurry()
    for (const settle of drained.splice(0)) settle(ok(undefined))
    for (const settle of tried.splice(0)) settle()
  }

  const failed = (error: unknown): void => {
    failures += 1
    lastError = error instanceof Error ? error.message : 'unknown'
    if (failures >= MAX_TRIES) {
      for (const one of queue) one.settle(unavailable)
      for (const settle of drained.splice(0)) settle(unavailable)
    }
    for (const settle of tried.splice(0)) settle()
    scheduler.after(Math.min(FIRST_DELAY * 2 ** (failures - 1), LONGEST_DELAY), flush)
  }

  return {
    /** Takes a record; the receipt's `durable` hurries it. */
    add(chained: Chained): Waiting {
      const waiting = new Waiting(chained, hurry)
      queue.push(waiting)
      if (lingerMs === 0 || queue.length >= MAX_BATCH) hurry()
      else if (phase === 'idle') {
        phase = 'lingering'
        scheduler.after(lingerMs, hurry)
      }
      return waiting
    },
    /** Calls back after every commit; returns the way to stop. */
    onCommitted(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Hurries; whether the store has all that is queued now. */
    recorded: async (): Promise<boolean> => (await queue.at(-1)?.durable)?.ok ?? true,
    /** Hurries, and calls back once the store has all or has failed. */
    onTried(settle: () => void): void {
      tried.push(settle)
      hurry()
    },
    /** Hurries, and calls back once the store has all or has failed too often. */
    onDrained(settle: Settle): void {
      drained.push(settle)
      hurry()
    },
    queued: () => queue.length,
    status: () => ({ queued: queue.length, failures, lastError }),
  }
}

function tell(listener: Listener, batch: readonly Committed[]): void {
  try {
    listener(batch)
  } catch {
    // A live view that fails must not stop the evidence.
  }
}

import type { Scheduler } from './scheduler.ts'

/** How one sending ended: taken, refused for good, or worth another try. */
export type Sent = 'taken' | 'refused' | 'retry'

/** Sends one OTLP request body (JSON) to a path below the endpoint; never rejects. */
export type SendOtlp = (path: '/v1/traces' | '/v1/metrics', body: string) => Promise<Sent>

export interface ExporterOptions<Item> {
  readonly path: '/v1/traces' | '/v1/metrics'
  readonly send: SendOtlp
  /** The body for these items. */
  readonly encode: (items: readonly Item[]) => string
  readonly scheduler: Scheduler
  /** Told how many items were taken, or given up. */
  readonly told: (outcome: 'sent' | 'dropped', count: number) => void
}

/** Items that wait at most; what comes on top is dropped and counted, never held. */
const MAX_QUEUED = 4096
const MAX_BATCH = 512
const FLUSH_MS = 2000
const MAX_TRIES = 5
/** Milliseconds: 1, 2, 4, 8 seconds. */
const FIRST_RETRY_MS = 1000

export interface Exporter<Item> {
  add(item: Item): void
  /** Sends what waits, once, without retries. */
  close(): Promise<void>
}

/** Sends items in groups, one group at a time, so that a slow collector costs memory up to a limit and nothing else. */
export function createExporter<Item>(options: ExporterOptions<Item>): Exporter<Item> {
  const { path, send, encode, scheduler, told } = options
  const queue: Item[] = []
  let sending: Promise<void> | null = null
  let callOff: (() => void) | null = null
  let isClosed = false

  const flush = async (tries: number): Promise<void> => {
    const batch = queue.slice(0, MAX_BATCH)
    if (batch.length === 0) return
    const sent = await send(path, encode(batch))
    if (sent === 'retry' && tries < MAX_TRIES && !isClosed) {
      return schedule(FIRST_RETRY_MS * 2 ** (tries - 1), tries + 1)
    }
    queue.splice(0, batch.length)
    told(sent === 'taken' ? 'sent' : 'dropped', batch.length)
    if (queue.length > 0 && !isClosed) schedule(queue.length >= MAX_BATCH ? 0 : FLUSH_MS, 1)
  }
  const schedule = (ms: number, tries: number): void => {
    callOff ??= scheduler.after(ms, () => {
      callOff = null
      sending = flush(tries).finally(() => {
        sending = null
      })
    })
  }
  return {
    add(item) {
      if (isClosed || queue.length >= MAX_QUEUED) return told('dropped', 1)
      queue.push(item)
      if (!sending) schedule(FLUSH_MS, 1)
    },
    async close() {
      isClosed = true
      callOff?.()
      await sending
      while (queue.length > 0) await flush(MAX_TRIES)
    },
  }
}

import type { Client, Pool } from 'pg'
import type { Milliseconds } from '#kernel/units.ts'
import type { Changes } from '../ports.ts'

export interface OpenChanges extends Changes {
  close(): Promise<void>
}

/** How often the counters are read, in case a notification was lost with its connection. */
const POLL: Milliseconds = 500

/**
 * Hears of changes by LISTEN, on a connection of its own, and reads the counters behind it twice a second. When it could not
 * hear for a while, it says that anything may have changed.
 */
export function createChanges(pool: Pool, connect: () => Promise<Client>): OpenChanges {
  const listeners = new Set<(topic: string | null) => void>()
  const known = new Map<string, number>()
  let isFirst = true
  let wasDeaf = false
  let timer: NodeJS.Timeout | null = null
  let client: Client | null = null
  let reading: Promise<void> = Promise.resolve()
  let isClosed = false

  const tell = (topic: string | null): void => {
    for (const listener of listeners) listener(topic)
  }

  const hear = async (): Promise<void> => {
    const fresh = await connect()
    const forget = (): void => {
      if (client === fresh) client = null
    }
    fresh.on('error', forget)
    fresh.on('end', forget)
    fresh.on('notification', () => read())
    await fresh.query('LISTEN ecluse_change')
    if (isClosed) return fresh.end()
    client = fresh
  }

  const readCounters = async (): Promise<void> => {
    try {
      if (client === null) await hear()
      const { rows } = await pool.query<{ topic: string; number: number }>(
        'SELECT topic, number FROM change',
      )
      const changed = rows.filter(({ topic, number }) => known.get(topic) !== number)
      for (const { topic, number } of changed) known.set(topic, number)
      if (!isFirst && !wasDeaf) for (const { topic } of changed) tell(topic)
      if (wasDeaf) tell(null)
      isFirst = false
      wasDeaf = false
    } catch {
      wasDeaf = !isFirst
    }
  }

  /** One reading after the other; those asked for meanwhile are one. */
  let isWaiting = false
  const read = (): void => {
    if (isWaiting || isClosed) return
    isWaiting = true
    reading = reading.then(() => {
      isWaiting = false
      return isClosed ? undefined : readCounters()
    })
  }

  return {
    listen(listener) {
      listeners.add(listener)
      if (timer === null) {
        timer = setInterval(read, POLL)
        timer.unref()
        read()
      }
      return () => listeners.delete(listener)
    },
    async close() {
      isClosed = true
      if (timer) clearInterval(timer)
      await reading
      await client?.end().catch(() => {})
    },
  }
}

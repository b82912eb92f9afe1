import type { RawBuilder } from 'kysely'
import type { KeyedAsk, WindowStore } from '#quotas/ports.ts'
import { QuotaWindow, type LeaseGrant, type WindowState } from '#quotas/quota-window.ts'
import type { Queries } from './queries.ts'

/** Times that a count is read again because another process changed it in between. */
const MOST_TRIES = 20

interface Read {
  readonly version: number
  readonly state: WindowState | null
  readonly now: number
}

/**
 * Counts in the database. A lease reads the count with the database's own time and writes it back if nobody else has
 * written meanwhile: two statements, and again when somebody has. `now` is that time in milliseconds since 1970.
 */
export function createWindowStore(queries: Queries, now: RawBuilder<number>): WindowStore {
  const read = async (key: string): Promise<Read> => {
    const row = await queries
      .selectNoFrom(now.as('now'))
      .select((eb) => [
        eb.selectFrom('quota_window').select('state').where('key', '=', key).as('state'),
        eb.selectFrom('quota_window').select('version').where('key', '=', key).as('version'),
      ])
      .executeTakeFirstOrThrow()
    const state = row.state === null ? null : stateOf(row.state)
    return { version: row.version ?? 0, state, now: row.now }
  }

  const write = async (key: string, window: QuotaWindow, version: number): Promise<boolean> => {
    const row = rowOf(key, window, version + 1)
    if (version === 0) {
      const insert = queries.insertInto('quota_window').values(row)
      const done = await insert.onConflict((c) => c.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    }
    const { state, ends_at } = row
    const update = queries.updateTable('quota_window').set({ state, ends_at, version: row.version })
    const mine = update.where('key', '=', key).where('version', '=', version)
    return (await mine.executeTakeFirst()).numUpdatedRows === 1n
  }

  const leaseOne = async ({ key, windowMs, ask }: KeyedAsk): Promise<LeaseGrant> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = await read(key)
      const window = QuotaWindow.from(windowMs, known.state)
      const grant = window.lease(ask, known.now)
      if (await write(key, window, known.version)) return grant
    }
    throw new Error('a count changes too fast')
  }

  return {
    lease: (asks) => Promise.all(asks.map(leaseOne)),
    async save(windows) {
      if (windows.length === 0) return
      const rows = windows.map(({ key, windowMs, state }) =>
        rowOf(key, QuotaWindow.from(windowMs, state), 1),
      )
      await queries
        .insertInto('quota_window')
        .values(rows)
        .onConflict((c) =>
          c.column('key').doUpdateSet((eb) => ({
            state: eb.ref('excluded.state'),
            ends_at: eb.ref('excluded.ends_at'),
          })),
        )
        .execute()
    },
    async all() {
      const rows = await queries.selectFrom('quota_window').selectAll().execute()
      return rows.map(({ key, window_ms, state }) => ({
        key,
        windowMs: window_ms,
        state: stateOf(state),
      }))
    },
    async usage(prefix) {
      const rows = await queries
        .selectFrom('quota_window')
        .select(['key', 'window_ms', 'state', now.as('now')])
        .where('key', '>=', prefix)
        .where('key', '<', `${prefix}\uffff`)
        .orderBy('key')
        .execute()
      return rows.map((row) => {
        const window = QuotaWindow.from(row.window_ms, stateOf(row.state))
        return { key: row.key, total: window.total(row.now) }
      })
    },
    async sweep(before) {
      const swept = queries.deleteFrom('quota_window').where('ends_at', '<', before)
      return Number((await swept.executeTakeFirst()).numDeletedRows)
    },
  }
}

const rowOf = (key: string, window: QuotaWindow, version: number) => ({
  key,
  window_ms: window.windowMs,
  version,
  state: JSON.stringify(window.state()),
  ends_at: Math.ceil(window.endsAt),
})

// written by this file alone
const stateOf = (text: string): WindowState => JSON.parse(text) as WindowState

import { sql } from 'kysely'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import { cursorText, parseCursor } from '#ledger/cursor.ts'
import type { LedgerRecord } from '#ledger/event.ts'
import type { LedgerPage, LedgerQuery } from '#ledger/ports.ts'
import type { Queries } from './queries.ts'
import { recordOf, typeNumber, uuidBytes, uuidFloor, uuidText } from './ledger-row.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

/** Rows of the page: at least one, at most 500. */
export const pageSize = (limit: number | undefined): number =>
  Math.min(Math.max(Math.trunc(limit ?? DEFAULT_LIMIT), 1), MAX_LIMIT)

/** Every record with its tenant and writer by name, unfiltered. */
export const ledgerRows = (queries: Queries) =>
  queries
    .selectFrom('ledger')
    .innerJoin('tenant', 'tenant.number', 'ledger.tenant')
    .innerJoin('ledger_writer', (join) =>
      join.on('ledger_writer.number', '=', sql<number>`ledger.place >> 40`),
    )
    .select(['ledger.place', 'ledger.type', 'ledger.at', 'ledger.id', 'ledger.prev', 'ledger.leaf'])
    .select([
      'ledger.salt',
      'ledger.payload',
      'tenant.name as tenant',
      'ledger_writer.name as writer',
    ])

type LedgerRows = ReturnType<typeof ledgerRows>

/** The filters of a query on the rows of `ledger`, newest first, one row more than the page; refuses a foreign cursor. */
export function filtered(rows: LedgerRows, query: LedgerQuery): Result<LedgerRows, Refusal> {
  let page = rows.orderBy('ledger.id', 'desc').orderBy('ledger.place', 'desc')
  page = page.limit(pageSize(query.limit) + 1)
  if (query.before !== undefined) {
    const cursor = parseCursor(query.before)
    if (!cursor.ok) return cursor
    const { id, place } = cursor.value
    page = page.where(sql<boolean>`(ledger.id, ledger.place) < (${uuidBytes(id)}, ${place})`)
  }
  if (query.tenant !== undefined) page = page.where('tenant.name', '=', query.tenant)
  if (query.type !== undefined) page = page.where('ledger.type', '=', typeNumber(query.type))
  if (query.since !== undefined) page = page.where('ledger.id', '>=', uuidFloor(query.since))
  if (query.until !== undefined) page = page.where('ledger.id', '<', uuidFloor(query.until))
  if (query.class !== undefined) page = page.where('ledger.class', '=', query.class)
  if (query.key !== undefined) page = page.where('ledger.key', '=', query.key)
  if (query.destination !== undefined) {
    page = page.where('ledger.destination', '=', query.destination)
  }
  if (query.category !== undefined) {
    // an array of plain words in canonical JSON: the quoted word is in it or it is not
    const quoted = JSON.stringify(query.category)
    page = page.where(sql<boolean>`instr(ledger.categories, ${quoted}) > 0`)
  }
  if (query.refused !== undefined) {
    page = page.where('ledger.type', '=', typeNumber('decision'))
    page = page.where('ledger.refusal', query.refused ? 'is not' : 'is', null)
  }
  return ok(page)
}

/** Cuts the extra row off; its presence says that there is a next page. */
export function pageOf<Row extends { readonly place: number; readonly id: Uint8Array }>(
  rows: readonly Row[],
  limit: number | undefined,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const size = pageSize(limit)
  const last = rows[size - 1]
  if (rows.length <= size || !last) return { rows, next: null }
  return {
    rows: rows.slice(0, size),
    next: cursorText({ id: uuidText(last.id), place: last.place }),
  }
}

/** One page of records. Rows that are no records are left out here: verification names them. */
export async function readLedger(
  queries: Queries,
  query: LedgerQuery,
): Promise<Result<LedgerPage<LedgerRecord>, Refusal>> {
  const built = filtered(ledgerRows(queries), query)
  if (!built.ok) return built
  const { rows, next } = pageOf(await built.value.execute(), query.limit)
  return ok({ rows: rows.map(recordOf).filter((record) => record !== null), next })
}

/** The records of one id, oldest first. */
export async function recordsById(queries: Queries, id: string): Promise<readonly LedgerRecord[]> {
  const rows = ledgerRows(queries).where('ledger.id', '=', uuidBytes(id)).orderBy('place')
  return (await rows.execute()).map(recordOf).filter((record) => record !== null)
}

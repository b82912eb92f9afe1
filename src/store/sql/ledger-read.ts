import { sql } from 'kysely'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import { cursorText, parseCursor } from '#ledger/cursor.ts'
import type { StoredRecord } from '#ledger/event.ts'
import { wantedFacets } from '#ledger/facets.ts'
import type { LedgerPage, LedgerQuery } from '#ledger/ports.ts'
import { findByFacets } from './ledger-find.ts'
import { ledgerRows, placedRecords, type PlacedRecord, type Search } from './ledger-rows.ts'
import { typeNumber, uuidBytes, uuidFloor } from './ledger-row.ts'
import type { Queries } from './queries.ts'
import type { KnownWords } from './words.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

/** Rows of the page: at least one, at most 500. */
const pageSize = (limit: number | undefined): number =>
  Math.min(Math.max(Math.trunc(limit ?? DEFAULT_LIMIT), 1), MAX_LIMIT)

/** One page of records. Rows that are no records are left out here: verification names them. */
export async function readLedger(
  queries: Queries,
  words: KnownWords,
  query: LedgerQuery,
): Promise<Result<LedgerPage<StoredRecord>, Refusal>> {
  const cursor = query.before === undefined ? ok(null) : parseCursor(query.before)
  if (!cursor.ok) return cursor
  const limit = pageSize(query.limit)
  const search = { query, cursor: cursor.value, size: limit + 1 }
  const found = (await isWorthAnIndex(queries, query))
    ? await findByFacets(queries, words, search)
    : await newest(queries, words, search)
  const last = found[limit - 1]
  const next =
    found.length > limit && last ? cursorText({ id: last.record.id, place: last.place }) : null
  return ok({ rows: found.slice(0, limit).map(({ record }) => record), next })
}

/** Decisions are every other record, and most houses have one tenant: those are found by going back in time. */
async function isWorthAnIndex(queries: Queries, query: LedgerQuery): Promise<boolean> {
  const { tenant, type } = query
  const plain = [`tenant=${tenant}`, 'type=decision', 'type=outcome']
  if (wantedFacets(query).some((facet) => !plain.includes(facet))) return true
  if (tenant === undefined) return false
  const others = queries.selectFrom('tenant').select('name').where('name', '!=', tenant).limit(1)
  return type !== undefined && (await others.execute()).length > 0
}

async function newest(
  queries: Queries,
  words: KnownWords,
  { query, cursor, size }: Search,
): Promise<PlacedRecord[]> {
  let rows = ledgerRows(queries).orderBy('ledger.id', 'desc').orderBy('ledger.place', 'desc')
  if (cursor) {
    const { id, place } = cursor
    rows = rows.where(sql<boolean>`(ledger.id, ledger.place) < (${uuidBytes(id)}, ${place})`)
  }
  if (query.tenant !== undefined) rows = rows.where('tenant.name', '=', query.tenant)
  if (query.type !== undefined) rows = rows.where('ledger.type', '=', typeNumber(query.type))
  if (query.since !== undefined) rows = rows.where('ledger.id', '>=', uuidFloor(query.since))
  if (query.until !== undefined) rows = rows.where('ledger.id', '<', uuidFloor(query.until))
  return placedRecords(words, await rows.limit(size).execute())
}

/** The records of one id, oldest first. */
export async function recordsById(
  queries: Queries,
  words: KnownWords,
  id: string,
): Promise<readonly StoredRecord[]> {
  const bytes = uuidBytes(id)
  // what is no UUID is the id of nothing
  if (bytes.length !== 16) return []
  const rows = ledgerRows(queries).where('ledger.id', '=', bytes).orderBy('place')
  return (await placedRecords(words, await rows.execute())).map(({ record }) => record)
}

/** The records of these ids that are of one type. */
export async function recordsOfIds(
  queries: Queries,
  words: KnownWords,
  ids: readonly string[],
  type: StoredRecord['type'],
): Promise<readonly StoredRecord[]> {
  if (ids.length === 0) return []
  const rows = ledgerRows(queries)
    .where('ledger.id', 'in', ids.map(uuidBytes))
    .where('ledger.type', '=', typeNumber(type))
    .orderBy('place')
  return (await placedRecords(words, await rows.execute())).map(({ record }) => record)
}

import type { StoredRecord } from '#ledger/event.ts'
import { readEvent } from '#ledger/read-event.ts'
import { facetsOf, mayHave, wantedFacets, type Facet } from '#ledger/facets.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import { ledgerRows, placedRecords, type PlacedRecord, type Search } from './ledger-rows.ts'
import { decodeBody } from '../body/decode-body.ts'
import { SEQ_SPAN, typeNumber, uuidBytes, uuidFloor, uuidText } from './ledger-row.ts'
import { commonOffsets, unpackOffsets } from './offsets.ts'
import type { Queries } from './queries.ts'
import { withWords, type KnownWords } from './words.ts'

/** Blocks whose postings are read at once, and records. */
const BLOCKS = 16
const RECORDS = 200
/** Records that are in no block, read at once. */
const TAIL = 1000

interface Block {
  readonly first: number
  readonly last: number
  readonly lowest: Uint8Array
  readonly highest: Uint8Array
  readonly ordered: number
}

/**
 * The newest records that have all the facets. Blocks tell which they are; what came after the last block of a chain
 * is read and looked at. Blocks of several chains overlap in time, so each is opened until it cannot hold a newer one.
 */
export async function findByFacets(
  queries: Queries,
  words: KnownWords,
  search: Search,
): Promise<PlacedRecord[]> {
  const wanted = wantedFacets(search.query)
  const found = new Newest(search)
  const blocks = await blocksOf(queries, search, wanted)
  await addTails(queries, words, search, wanted, found)
  for (let at = 0; at < blocks.length; at += BLOCKS) {
    const group = blocks.slice(at, at + BLOCKS)
    const [newest] = group
    if (newest && found.isFullAbove(newest.highest)) break
    const places = await matches(queries, group, wanted)
    for (const block of group) {
      if (found.isFullAbove(block.highest)) continue
      await open(queries, words, block, places.get(block.first) ?? [], found)
    }
  }
  return found.records()
}

/** The best records so far, newest first. */
class Newest {
  readonly #search: Search
  readonly #cursorId: Uint8Array | null
  #records: { readonly id: Uint8Array; readonly placed: PlacedRecord }[] = []

  constructor(search: Search) {
    this.#search = search
    this.#cursorId = search.cursor && uuidBytes(search.cursor.id)
  }

  /** Takes those within the bounds of the search. */
  add(placed: readonly PlacedRecord[]): void {
    for (const one of placed) {
      const id = uuidBytes(one.record.id)
      if (this.#isWithin(id, one.place)) this.#records.push({ id, placed: one })
    }
    this.#records.sort((a, b) => Buffer.compare(b.id, a.id) || b.placed.place - a.placed.place)
    this.#records.length = Math.min(this.#records.length, this.#search.size)
  }

  /** Whether nothing up to this id can be among them any more. */
  isFullAbove(id: Uint8Array): boolean {
    const last = this.#records[this.#search.size - 1]
    return last !== undefined && Buffer.compare(id, last.id) < 0
  }

  records(): PlacedRecord[] {
    return this.#records.map(({ placed }) => placed)
  }

  #isWithin(id: Uint8Array, place: number): boolean {
    const { since, until } = this.#search.query
    if (since !== undefined && Buffer.compare(id, uuidFloor(since)) < 0) return false
    if (until !== undefined && Buffer.compare(id, uuidFloor(until)) >= 0) return false
    const cursor = this.#search.cursor
    if (!cursor || !this.#cursorId) return true
    const order = Buffer.compare(id, this.#cursorId)
    return order < 0 || (order === 0 && place < cursor.place)
  }
}

/** The blocks that may hold records of the search, newest first. */
async function blocksOf(
  queries: Queries,
  { query, cursor }: Search,
  wanted: readonly Facet[],
): Promise<Block[]> {
  let firsts: Set<number> | null = null
  for (const facet of wanted) {
    const rows = await queries
      .selectFrom('ledger_posting')
      .select('first')
      .where('facet', '=', facet)
      .execute()
    const having = new Set<number>(rows.map(({ first }) => first))
    firsts = firsts === null ? having : firsts.intersection(having)
  }
  let blocks = queries.selectFrom('ledger_block').selectAll()
  if (query.since !== undefined) blocks = blocks.where('highest', '>=', uuidFloor(query.since))
  if (query.until !== undefined) blocks = blocks.where('lowest', '<', uuidFloor(query.until))
  if (cursor) blocks = blocks.where('lowest', '<=', uuidBytes(cursor.id))
  const rows = await blocks.orderBy('highest', 'desc').execute()
  return rows.filter(({ first }) => firsts?.has(first) ?? true)
}

/** The places in each block that have all the facets, highest first. */
async function matches(
  queries: Queries,
  group: readonly Block[],
  wanted: readonly Facet[],
): Promise<Map<number, number[]>> {
  const rows = await queries
    .selectFrom('ledger_posting')
    .selectAll()
    .where('facet', 'in', [...wanted])
    .where(
      'first',
      'in',
      group.map(({ first }) => first),
    )
    .execute()
  return new Map(
    group.map(({ first, last }) => {
      const size = last - first + 1
      const bits = rows
        .filter((row) => row.first === first)
        .map(({ offsets }) => unpackOffsets(offsets, size))
      const offsets = bits.length < wanted.length ? [] : commonOffsets(bits, size)
      return [first, offsets.map((offset) => first + offset)]
    }),
  )
}

/** Reads the records of a block from the newest on, until an older one cannot be among those wanted. */
async function open(
  queries: Queries,
  words: KnownWords,
  { ordered }: Block,
  places: readonly number[],
  found: Newest,
): Promise<void> {
  for (let at = 0; at < places.length; at += RECORDS) {
    const rows = await ledgerRows(queries)
      .where('ledger.place', 'in', places.slice(at, at + RECORDS))
      .execute()
    const placed = await placedRecords(words, rows)
    found.add(placed)
    const oldest = placed.reduce<PlacedRecord | null>(
      (least, one) => (least && least.place < one.place ? least : one),
      null,
    )
    if (ordered === 1 && oldest && found.isFullAbove(uuidBytes(oldest.record.id))) return
  }
}

/** What is in no block yet, of every chain, looked at record by record. */
async function addTails(
  queries: Queries,
  words: KnownWords,
  { query }: Search,
  wanted: readonly Facet[],
  found: Newest,
): Promise<void> {
  const isPossible = mayHave(wanted)
  const writers = await queries.selectFrom('ledger_writer').select('number').execute()
  for (const { number } of writers) {
    if (!Number.isSafeInteger(number)) continue
    const [start, end] = [number * SEQ_SPAN, (number + 1) * SEQ_SPAN]
    let after = (await lastIndexed(queries, start, end)) ?? start
    for (;;) {
      let rows = queries
        .selectFrom('ledger')
        .select(['place', 'id', 'body'])
        .where('place', '>', after)
        .where('place', '<', end)
      if (query.type !== undefined) rows = rows.where('type', '=', typeNumber(query.type))
      if (query.since !== undefined) rows = rows.where('id', '>=', uuidFloor(query.since))
      const page = await rows.orderBy('place').limit(TAIL).execute()
      // first by what the event says, then, of the few that are left, the whole record
      const fits = await withWords(words, page, ({ id, body }, wordOf) =>
        isPossible(body && decodeBody(body, uuidText(id), wordOf)),
      )
      const places = page.filter((_, index) => fits[index]).map(({ place }) => place)
      for (let at = 0; at < places.length; at += RECORDS) {
        const part = places.slice(at, at + RECORDS)
        const whole = await ledgerRows(queries).where('ledger.place', 'in', part).execute()
        const placed = await placedRecords(words, whole)
        found.add(placed.filter(({ record }) => has(record, query, wanted)))
      }
      after = page.at(-1)?.place ?? after
      if (page.length < TAIL) break
    }
  }
}

function has(record: StoredRecord, query: LedgerQuery, wanted: readonly Facet[]): boolean {
  const facets = facetsOf(record, relevantEvent(query, record.payload))
  return wanted.every((facet) => facets.includes(facet))
}

/** The last place of a chain that is in a block; null when none is. */
export async function lastIndexed(
  queries: Queries,
  start: number,
  end: number,
): Promise<number | null> {
  const block = await queries
    .selectFrom('ledger_block')
    .select('last')
    .where('first', '>=', start)
    .where('first', '<', end)
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst()
  return block?.last ?? null
}

/** Tenant and type are told by the header: then nothing is parsed. */
const relevantEvent = (query: LedgerQuery, payload: string | null) =>
  wantedFacets(query).every((facet) => /^(?:tenant|type)=/.test(facet)) ? null : readEvent(payload)

import { sql } from 'kysely'
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
import { knownNames } from './index-names.ts'

/** Blocks that are listed at once: few at first, because the newest often have enough; then many, because a list is joined anew. */
const FIRST_BLOCKS = 16
const MORE_BLOCKS = 16
const MOST_BLOCKS = 4096
/** Blocks whose facets are read at once. */
const GROUP = 256
/** Records read at once, at most. */
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

/** What of a block has all the facets and was not read yet: places, highest first. */
interface Open {
  readonly highest: Uint8Array
  /** Whether ids fall with the places. */
  readonly isOrdered: boolean
  readonly places: readonly number[]
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
  const all = wantedFacets(search.query)
  const telling = await tellingFacets(queries, all)
  const found = new Newest(search)
  await addTails(queries, words, search, all, found)
  const names = await knownNames(queries, telling)
  // one that no block ever had is in none of them
  if (names.size < telling.length) return found.records()
  const wanted = { names: [...names.values()], isOfDecisions: all.some(isOfDecisions) }
  let after: Block | null = null
  for (let size = FIRST_BLOCKS; ; size = Math.min(size * MORE_BLOCKS, MOST_BLOCKS)) {
    const listed: readonly Block[] = await blocksAfter(queries, search, wanted, after, size)
    for (let at = 0; at < listed.length; at += GROUP) {
      const group = listed.slice(at, at + GROUP)
      const [newest] = group
      if (!newest || found.isFullAbove(newest.highest)) return found.records()
      await readOpen(queries, words, await matches(queries, search, group, wanted), found)
    }
    if (listed.length < size) return found.records()
    after = listed.at(-1) ?? null
  }
}

/** What blocks are asked for. */
interface Wanted {
  /** Numbers of the facets. */
  readonly names: readonly number[]
  /** Whether only decisions have all of them. */
  readonly isOfDecisions: boolean
}

const isOfDecisions = (facet: Facet): boolean => !/^(?:tenant|type)=/.test(facet)

/** The facets without those that say nothing: only decisions have most of them, and most houses have one tenant. */
async function tellingFacets(queries: Queries, facets: readonly Facet[]): Promise<Facet[]> {
  const areOfDecisions = facets.some(isOfDecisions)
  const tenants = await queries.selectFrom('tenant').select('name').limit(2).execute()
  const telling = facets.filter((facet) => {
    if (facet === 'type=decision') return !areOfDecisions
    return !(tenants.length === 1 && facet === `tenant=${tenants[0]?.name}`)
  })
  return telling.length > 0 ? telling : [...facets]
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

  /** Records that are still wanted, or could take the place of one. */
  get size(): number {
    return this.#search.size
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

/** The blocks after this one that may hold records of the search, newest first. */
async function blocksAfter(
  queries: Queries,
  { query, cursor }: Search,
  { names }: Wanted,
  after: Block | null,
  limit: number,
): Promise<readonly Block[]> {
  let blocks = queries.selectFrom('ledger_block').selectAll()
  for (const name of names) {
    blocks = blocks.where((block) =>
      block.exists(
        block
          .selectFrom('ledger_posting')
          .select(sql<number>`1`.as('one'))
          .where('name', '=', name)
          .whereRef('ledger_posting.first', '=', 'ledger_block.first'),
      ),
    )
  }
  if (query.since !== undefined) blocks = blocks.where('highest', '>=', uuidFloor(query.since))
  if (query.until !== undefined) blocks = blocks.where('lowest', '<', uuidFloor(query.until))
  if (cursor) blocks = blocks.where('lowest', '<=', uuidBytes(cursor.id))
  if (after)
    blocks = blocks.where(sql<boolean>`(highest, first) < (${after.highest}, ${after.first})`)
  return blocks.orderBy('highest', 'desc').orderBy('first', 'desc').limit(limit).execute()
}

/** The places in each block that have all the facets; blocks without any are left out. */
async function matches(
  queries: Queries,
  { query, cursor }: Search,
  group: readonly Block[],
  { names, isOfDecisions: areDecisions }: Wanted,
): Promise<Open[]> {
  const rows = await queries
    .selectFrom('ledger_posting')
    .select(['first', 'offsets'])
    .where('name', 'in', [...names])
    .where(
      'first',
      'in',
      group.map(({ first }) => first),
    )
    .execute()
  const postings = Map.groupBy(rows, ({ first }) => first)
  // an outcome has the id of its decision, and may come long after it
  const rises = query.type === undefined ? areDecisions : query.type !== 'outcome'
  return group.flatMap(({ first, last, highest, ordered }): Open[] => {
    const size = last - first + 1
    const bits = (postings.get(first) ?? []).map(({ offsets }) => unpackOffsets(offsets, size))
    if (bits.length < names.length) return []
    const isOrdered = rises && ordered === 1
    const isCut = isOrdered && cursor && first <= cursor.place && cursor.place <= last
    const places = commonOffsets(bits, size)
      .map((offset) => first + offset)
      .filter((place) => !isCut || place < cursor.place)
    return places.length === 0 ? [] : [{ highest, isOrdered, places }]
  })
}

/** Reads the records of blocks from the newest on, several blocks at once, until an older one cannot be among those wanted. */
async function readOpen(
  queries: Queries,
  words: KnownWords,
  opened: readonly Open[],
  found: Newest,
): Promise<void> {
  let open = opened
  for (;;) {
    const [newest] = open
    if (!newest || found.isFullAbove(newest.highest)) return
    const batch: number[] = []
    const begun: Open[] = []
    for (const one of open) {
      if (batch.length >= Math.min(found.size, RECORDS)) break
      const room = Math.min(found.size, RECORDS - batch.length)
      batch.push(...one.places.slice(0, room))
      begun.push({ ...one, places: one.places.slice(room) })
    }
    const rows = await ledgerRows(queries).where('ledger.place', 'in', batch).execute()
    const placed = await placedRecords(words, rows)
    found.add(placed)
    const ids = new Map(placed.map(({ place, record }) => [place, uuidBytes(record.id)]))
    const left = begun.filter(({ places, isOrdered }, index) => {
      const read = open[index]?.places.at(-places.length - 1)
      const oldest = read === undefined ? undefined : ids.get(read)
      return places.length > 0 && !(isOrdered && oldest && found.isFullAbove(oldest))
    })
    open = [...left, ...open.slice(begun.length)]
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
        .select(['place', 'id', 'salt', 'body'])
        .where('place', '>', after)
        .where('place', '<', end)
      if (query.type !== undefined) rows = rows.where('type', '=', typeNumber(query.type))
      if (query.since !== undefined) rows = rows.where('id', '>=', uuidFloor(query.since))
      const page = await rows.orderBy('place').limit(TAIL).execute()
      // first by what the event says, then, of the few that are left, the whole record
      const fits = await withWords(words, page, ({ id, salt, body }, wordOf) =>
        isPossible(salt && body && decodeBody(body, uuidText(id), wordOf)),
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

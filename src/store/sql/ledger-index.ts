import { sql } from 'kysely'
import type { LedgerBlock, LedgerIndex, RollupQuery, RollupRow, RollupTop } from '#ledger/ports.ts'
import { DAY, FIGURES, HOUR, startOf, WEEK, type Figures } from '#ledger/tally.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { lastIndexed } from './ledger-find.ts'
import { placeOf, SEQ_SPAN, seqOfPlace, uuidBytes } from './ledger-row.ts'
import { packOffsets } from './offsets.ts'
import type { Queries } from './queries.ts'
import type { RollupTable } from './schema.ts'

/** Postings of one statement: each has three parameters. */
const POSTINGS = 300

const COLUMNS: { readonly [Name in keyof Figures]: keyof RollupTable } = {
  requests: 'requests',
  refused: 'refused',
  failed: 'failed',
  answered: 'answered',
  promptTokens: 'prompt_tokens',
  completionTokens: 'completion_tokens',
  costMicro: 'cost_micro',
  unpriced: 'unpriced',
  energyMwh: 'energy_mwh',
  totalMs: 'total_ms',
}

/** Columns of the key, then those of the figures. */
export const ROLLUP_COLUMNS: readonly string[] = [
  'tenant',
  'grain',
  'dimension',
  'start',
  'value',
  ...FIGURES.map((name) => COLUMNS[name]),
]

/** One row in the order of the columns; what is not an energy is a whole number. */
export const rollupValues = (row: RollupRow): (string | number)[] => [
  row.tenant,
  row.grain,
  row.dimension,
  row.start,
  row.value,
  ...FIGURES.map((name) =>
    name === 'energyMwh' ? row.figures[name] : Math.round(row.figures[name]),
  ),
]

/** Adds what is given to what is there. */
export const ROLLUP_CONFLICT = `ON CONFLICT (tenant, grain, dimension, start, value) DO UPDATE SET
  ${FIGURES.map((name) => `${COLUMNS[name]} = rollup.${COLUMNS[name]} + excluded.${COLUMNS[name]}`).join(', ')}`

/** All of the index but the counting itself, which each database does in its own one step. */
export function createLedgerIndex(queries: Queries, count: LedgerIndex['count']): LedgerIndex {
  const numberOf = async (writer: string): Promise<number | null> => {
    const row = await queries
      .selectFrom('ledger_writer')
      .select('number')
      .where('name', '=', writer)
      .executeTakeFirst()
    return row && Number.isSafeInteger(row.number) ? row.number : null
  }
  return {
    count,
    async standing(writer) {
      const number = await numberOf(writer)
      const row = await queries
        .selectFrom('rollup_until')
        .select('seq')
        .where('writer', '=', writer)
        .executeTakeFirst()
      const place =
        number === null
          ? null
          : await lastIndexed(queries, number * SEQ_SPAN, (number + 1) * SEQ_SPAN)
      return { counted: row?.seq ?? 0, indexed: place === null ? 0 : seqOfPlace(place) }
    },
    async addBlock(block) {
      const number = await numberOf(block.writer)
      if (number !== null) await addBlock(queries, number, block)
    },
    rollups: (query) => rollups(queries, query),
    tops: (query, limit) => tops(queries, query, limit),
  }
}

/** The postings first and the block last: a block that is there is whole, and doing it again changes nothing. */
async function addBlock(queries: Queries, number: number, block: LedgerBlock): Promise<void> {
  const first = placeOf(number, block.from)
  const size = block.to - block.from + 1
  const rows = [...block.facets].map(([facet, offsets]) => ({
    facet,
    first,
    offsets: packOffsets(offsets, size),
  }))
  for (let at = 0; at < rows.length; at += POSTINGS) {
    await queries
      .insertInto('ledger_posting')
      .values(rows.slice(at, at + POSTINGS))
      .onConflict((conflict) =>
        conflict
          .columns(['facet', 'first'])
          .doUpdateSet((expression) => ({ offsets: expression.ref('excluded.offsets') })),
      )
      .execute()
  }
  await queries
    .insertInto('ledger_block')
    .values({
      first,
      last: placeOf(number, block.to),
      lowest: uuidBytes(block.lowest),
      highest: uuidBytes(block.highest),
      ordered: block.ordered ? 1 : 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function rollups(queries: Queries, query: RollupQuery): Promise<readonly RollupRow[]> {
  let rows = queries
    .selectFrom('rollup')
    .selectAll()
    .where('tenant', '=', query.tenant)
    .where('grain', '=', query.grain)
    .where('dimension', '=', query.dimension)
    .where('start', '>=', query.since)
    .where('start', '<', query.until)
  if (query.values !== undefined) rows = rows.where('value', 'in', [...query.values])
  // a few values of many: each row is looked up by itself instead of reading all values of every hour
  const starts = query.values === undefined ? [] : startsIn(query)
  if (starts.length > 0) rows = rows.where('start', 'in', starts)
  return (await rows.orderBy('start').orderBy('value').execute()).map(
    ({ tenant, grain, dimension, start, value, ...figures }) => ({
      tenant,
      grain,
      dimension,
      start,
      value,
      figures: figuresOf(figures),
    }),
  )
}

/** Hours, days or weeks of one statement. */
const STARTS = 1000

/** When the hours, days or weeks of a range begin; none when they are too many to be named. */
function startsIn({ grain, since, until }: RollupQuery): EpochMs[] {
  const first = startOf(since + grain - 1, grain)
  const count = Math.ceil((until - first) / grain)
  return count > STARTS
    ? []
    : Array.from({ length: Math.max(count, 0) }, (_, i) => first + i * grain)
}

const figuresOf = (row: Readonly<Record<string, unknown>>): Figures => {
  const of = (name: keyof Figures): number => Number(row[COLUMNS[name]])
  return {
    requests: of('requests'),
    refused: of('refused'),
    failed: of('failed'),
    answered: of('answered'),
    promptTokens: of('promptTokens'),
    completionTokens: of('completionTokens'),
    costMicro: of('costMicro'),
    unpriced: of('unpriced'),
    energyMwh: of('energyMwh'),
    totalMs: of('totalMs'),
  }
}

/** A stretch of time, and how long the hours, days or weeks are that it is added up of. */
interface Stretch {
  readonly grain: Milliseconds
  readonly since: EpochMs
  readonly until: EpochMs
}

/** What a range is added up of, in as few rows as can be: whole weeks, whole days before and after, and hours at the ends. */
function stretches({ grain, since, until }: Stretch): Stretch[] {
  const coarser = grain === HOUR ? DAY : grain === DAY ? WEEK : null
  if (coarser === null) return [{ grain, since, until }]
  const from = startOf(since + coarser - 1, coarser)
  const to = startOf(until, coarser)
  if (from >= to) return [{ grain, since, until }]
  return [
    { grain, since, until: from },
    ...stretches({ grain: coarser, since: from, until: to }),
    { grain, since: to, until },
  ].filter((one) => one.since < one.until)
}

async function tops(
  queries: Queries,
  { tenant, dimension, ...range }: RollupQuery,
  limit: number,
): Promise<readonly RollupTop[]> {
  const [first, ...others] = stretches(range).map(({ grain, since, until }) =>
    queries
      .selectFrom('rollup')
      .select(['value', ...FIGURES.map((name) => COLUMNS[name])])
      .where('tenant', '=', tenant)
      .where('grain', '=', grain)
      .where('dimension', '=', dimension)
      .where('start', '>=', since)
      .where('start', '<', until),
  )
  if (!first) return []
  const rows = await queries
    .selectFrom(others.reduce((all, part) => all.unionAll(part), first).as('rollup'))
    .select('value')
    .select(FIGURES.map((name) => sql<number>`sum(${sql.ref(COLUMNS[name])})`.as(COLUMNS[name])))
    .groupBy('value')
    .orderBy(sql`sum(requests)`, 'desc')
    .orderBy('value')
    .limit(limit)
    .execute()
  return rows.map(({ value, ...figures }) => ({ value, figures: figuresOf(figures) }))
}

import { sql } from 'kysely'
import type { RollupQuery, RollupRow, RollupTop } from '#ledger/ports.ts'
import { DAY, FIGURES, HOUR, startOf, WEEK, type Figures } from '#ledger/tally.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { knownNames } from './index-names.ts'
import type { Queries } from './queries.ts'
import type { RollupTable } from './schema.ts'

export const COLUMNS: { readonly [Name in keyof Figures]: keyof RollupTable } = {
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

/** A tenant and a dimension as one text. */
export const chartText = ({ tenant, dimension }: Pick<RollupRow, 'tenant' | 'dimension'>): string =>
  `${tenant}\n${dimension}`

const chartOf = async (queries: Queries, query: RollupQuery): Promise<number | undefined> =>
  (await knownNames(queries, [chartText(query)])).get(chartText(query))

/** A stretch of time, and how long the hours, days or weeks are that it is made of. */
interface Stretch {
  readonly grain: Milliseconds
  readonly since: EpochMs
  readonly until: EpochMs
}

/** Figures of a range in the order of time. Of hours that are folded there are days. */
export async function rollups(queries: Queries, query: RollupQuery): Promise<readonly RollupRow[]> {
  const chart = await chartOf(queries, query)
  if (chart === undefined) return []
  let names: readonly number[] | null = null
  if (query.values !== undefined) {
    names = [...(await knownNames(queries, query.values)).values()]
    if (names.length === 0) return []
  }
  const rows: RollupRow[] = []
  for (const stretch of await kept(queries, chart, query)) {
    rows.push(...(await rowsOf(queries, chart, query, stretch, names)))
  }
  return rows
}

async function rowsOf(
  queries: Queries,
  chart: number,
  { tenant, dimension }: RollupQuery,
  stretch: Stretch,
  names: readonly number[] | null,
): Promise<RollupRow[]> {
  const { grain, since, until } = stretch
  let rows = queries
    .selectFrom('rollup')
    .innerJoin('index_name', 'index_name.number', 'rollup.name')
    .select(['start', 'index_name.text as value', ...FIGURES.map((name) => COLUMNS[name])])
    .where('chart', '=', chart)
    .where('grain', '=', grain)
    .where('start', '>=', since)
    .where('start', '<', until)
  if (names) rows = rows.where('name', 'in', [...names])
  // a few values of many: each row is looked up by itself instead of reading all values of every hour
  const starts = names ? startsIn(stretch) : []
  if (starts.length > 0) rows = rows.where('start', 'in', starts)
  const found = await rows.orderBy('start').orderBy('index_name.text').execute()
  return found.map(({ start, value, ...figures }) => ({
    tenant,
    grain,
    dimension,
    start,
    value,
    figures: figuresOf(figures),
  }))
}

/** A range, its part before the hours that are kept by days: they are folded by whole days. */
async function kept(
  queries: Queries,
  chart: number,
  { grain, since, until }: Stretch,
): Promise<Stretch[]> {
  if (grain !== HOUR) return [{ grain, since, until }]
  const oldest = await oldestHour(queries, chart)
  const end = oldest === null ? until : Math.min(startOf(oldest, DAY), until)
  return [
    { grain: DAY, since, until: end },
    { grain, since: Math.max(since, end), until },
  ].filter((one) => one.since < one.until)
}

async function oldestHour(queries: Queries, chart: number): Promise<EpochMs | null> {
  const row = await queries
    .selectFrom('rollup')
    .select('start')
    .where('chart', '=', chart)
    .where('grain', '=', HOUR)
    .orderBy('start')
    .limit(1)
    .executeTakeFirst()
  return row?.start ?? null
}

/** Takes away the hours that began before a time, of every chart, a day of one chart at a time; their days and weeks stay. */
export async function foldHours(queries: Queries, before: EpochMs): Promise<number> {
  let folded = 0
  for (let chart = await chartAfter(queries, -1); chart !== null;) {
    for (;;) {
      const oldest = await oldestHour(queries, chart)
      if (oldest === null || oldest >= before) break
      const gone = await queries
        .deleteFrom('rollup')
        .where('chart', '=', chart)
        .where('grain', '=', HOUR)
        .where('start', '<', Math.min(startOf(oldest, DAY) + DAY, before))
        .executeTakeFirst()
      folded += Number(gone.numDeletedRows)
    }
    chart = await chartAfter(queries, chart)
  }
  return folded
}

async function chartAfter(queries: Queries, chart: number): Promise<number | null> {
  const rows = queries.selectFrom('rollup').select('chart').where('chart', '>', chart)
  return (await rows.orderBy('chart').limit(1).executeTakeFirst())?.chart ?? null
}

/** Hours, days or weeks of one statement. */
const STARTS = 1000

/** When the hours, days or weeks of a range begin; none when they are too many to be named. */
function startsIn({ grain, since, until }: Stretch): EpochMs[] {
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

/** The values with the most requests in a range, with their sums. */
export async function tops(
  queries: Queries,
  query: RollupQuery,
  limit: number,
): Promise<readonly RollupTop[]> {
  const chart = await chartOf(queries, query)
  if (chart === undefined) return []
  const parts = (await kept(queries, chart, query)).flatMap(stretches)
  const [first, ...others] = parts.map(({ grain, since, until }) =>
    queries
      .selectFrom('rollup')
      .select(['name', ...FIGURES.map((name) => COLUMNS[name])])
      .where('chart', '=', chart)
      .where('grain', '=', grain)
      .where('start', '>=', since)
      .where('start', '<', until),
  )
  if (!first) return []
  const sums = queries
    .selectFrom(others.reduce((all, part) => all.unionAll(part), first).as('rollup'))
    .select('name')
    .select(
      FIGURES.map((name) =>
        sql<number>`coalesce(sum(${sql.ref(COLUMNS[name])}), 0)`.as(COLUMNS[name]),
      ),
    )
    .groupBy('name')
  const rows = await queries
    .selectFrom(sums.as('sums'))
    .innerJoin('index_name', 'index_name.number', 'sums.name')
    .select([
      'index_name.text as value',
      ...FIGURES.map((name) => sql.ref<number>(`sums.${COLUMNS[name]}`).as(COLUMNS[name])),
    ])
    .orderBy('sums.requests', 'desc')
    .orderBy('index_name.text')
    .limit(limit)
    .execute()
  return rows.map(({ value, ...figures }) => ({ value, figures: figuresOf(figures) }))
}

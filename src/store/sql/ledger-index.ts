import type { LedgerBlock, LedgerIndex, RollupRow } from '#ledger/ports.ts'
import { FIGURES } from '#ledger/tally.ts'
import { createIndexNames, type IndexNames } from './index-names.ts'
import { lastIndexed } from './ledger-find.ts'
import { placeOf, SEQ_SPAN, seqOfPlace, uuidBytes } from './ledger-row.ts'
import { packOffsets } from './offsets.ts'
import type { Queries } from './queries.ts'
import { chartText, COLUMNS, foldHours, rollups, tops } from './rollups.ts'

/** Postings of one statement: each has three parameters. */
const POSTINGS = 300

/** Columns of the key, then those of the figures. */
export const ROLLUP_COLUMNS: readonly string[] = [
  'chart',
  'grain',
  'start',
  'name',
  ...FIGURES.map((name) => COLUMNS[name]),
]

/** Adds what is given to what is there; NULL is 0. */
export const ROLLUP_CONFLICT = `ON CONFLICT (chart, grain, start, name) DO UPDATE SET
  ${FIGURES.map((name) => COLUMNS[name])
    .map(
      (name) => `${name} = nullif(coalesce(rollup.${name}, 0) + coalesce(excluded.${name}, 0), 0)`,
    )
    .join(', ')}`

/** A step of counting, its rows with the columns in their order. */
export interface NumberedStep extends Omit<Parameters<LedgerIndex['count']>[0], 'rows'> {
  readonly rows: readonly (readonly number[])[]
}

/** All of the index but the counting itself, which each database does in its own one step. */
export function createLedgerIndex(
  queries: Queries,
  count: (step: NumberedStep) => Promise<boolean>,
): LedgerIndex {
  const names = createIndexNames(queries)
  const numberOf = async (writer: string): Promise<number | null> => {
    const row = await queries
      .selectFrom('ledger_writer')
      .select('number')
      .where('name', '=', writer)
      .executeTakeFirst()
    return row && Number.isSafeInteger(row.number) ? row.number : null
  }
  return {
    count: async (step) => count({ ...step, rows: await numbered(names, step.rows) }),
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
      if (number !== null) await addBlock(queries, names, number, block)
    },
    rollups: (query) => rollups(queries, query),
    tops: (query, limit) => tops(queries, query, limit),
    foldHours: (before) => foldHours(queries, before),
  }
}

/** Rows in the order of their keys: two gateways that count wait for each other and never in a circle. What is not an energy is a whole number. */
async function numbered(names: IndexNames, rows: readonly RollupRow[]): Promise<number[][]> {
  const numbers = await names.numbersOf(rows.flatMap((row) => [chartText(row), row.value]))
  return rows
    .map((row) => [
      numbers.get(chartText(row)) ?? 0,
      row.grain,
      row.start,
      numbers.get(row.value) ?? 0,
      ...FIGURES.map((name) =>
        name === 'energyMwh' ? row.figures[name] : Math.round(row.figures[name]),
      ),
    ])
    .toSorted((a, b) => compare(a, b))
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let column = 0; column < 4; column += 1) {
    const order = (a[column] ?? 0) - (b[column] ?? 0)
    if (order !== 0) return order
  }
  return 0
}

/** The postings first and the block last: a block that is there is whole, and doing it again changes nothing. */
async function addBlock(
  queries: Queries,
  names: IndexNames,
  number: number,
  block: LedgerBlock,
): Promise<void> {
  const first = placeOf(number, block.from)
  const size = block.to - block.from + 1
  const numbers = await names.numbersOf(block.facets.keys())
  const rows = [...block.facets]
    .map(([facet, offsets]) => ({
      name: numbers.get(facet) ?? 0,
      first,
      offsets: packOffsets(offsets, size),
    }))
    .toSorted((a, b) => a.name - b.name)
  for (let at = 0; at < rows.length; at += POSTINGS) {
    await queries
      .insertInto('ledger_posting')
      .values(rows.slice(at, at + POSTINGS))
      .onConflict((conflict) =>
        conflict
          .columns(['name', 'first'])
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

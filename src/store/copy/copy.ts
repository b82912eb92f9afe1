import { err, ok, type Result } from '#kernel/result.ts'
import type { CopySource, CopyState, CopyTarget } from './ports.ts'
import { keyOf, rowText, Tally, type Row, type Table } from './table.ts'

/** Why a copy is not complete. `detail` names a table or says what differs. */
export interface CopyProblem {
  readonly code: 'tables-differ' | 'rows-differ' | 'interrupted'
  readonly detail: string
}

export interface CopyOptions {
  readonly onProgress: (table: string, rows: number, total: number) => void
  /** Looked at between two pages; what has been copied so far stays. */
  readonly signal: AbortSignal
}

/** Rows of each table. */
export type CopyReport = Readonly<Record<string, number>>

/**
 * Copies everything, then compares. The ledger, which only grows, goes on where an interrupted copy stopped if the source
 * has the same heads; the other tables are copied from the beginning.
 */
export async function copyAll(
  source: CopySource,
  target: CopyTarget,
  { onProgress, signal }: CopyOptions,
): Promise<Result<CopyReport, CopyProblem>> {
  const differing = differingTable(source.tables, target.tables)
  if (differing !== null) return err({ code: 'tables-differ', detail: differing })
  const heads = await source.heads()
  const isContinued = target.state !== null && target.state.heads === heads
  const ledger = source.tables.filter(({ name }) => name === 'ledger')
  const others = source.tables.filter(({ name }) => name !== 'ledger')
  await target.clear(isContinued ? others : source.tables)
  let state: CopyState = isContinued && target.state ? target.state : { heads, ledgerAfter: null }

  const rows: Record<string, number> = {}
  for (const table of [...ledger, ...others]) {
    const total = await source.count(table)
    const tally = new Tally()
    let after = table.name === 'ledger' ? state.ledgerAfter : null
    let done = after === null ? 0 : await target.count(table)
    for (;;) {
      if (signal.aborted) return err({ code: 'interrupted', detail: table.name })
      const page = await source.rows(table, after)
      const last = page.at(-1)
      if (last === undefined) break
      for (const row of page) tally.add(row)
      after = keyOf(table, last)
      if (table.name === 'ledger') state = { heads, ledgerAfter: after }
      await target.write(table, page, state)
      done += page.length
      onProgress(table.name, done, total)
    }
    rows[table.name] = total
    const same = await isSame(table, target, tally, total)
    if (!same) return err({ code: 'rows-differ', detail: table.name })
  }
  return ok(rows)
}

/** The ledger is counted here and verified by its chains; the rows of the others are read again and summed up. */
async function isSame(
  table: Table,
  target: CopyTarget,
  copied: Tally,
  total: number,
): Promise<boolean> {
  if ((await target.count(table)) !== total) return false
  if (table.name === 'ledger') return true
  const tally = new Tally()
  await eachRow(target, table, (row) => tally.add(row))
  return tally.digest() === copied.digest() && tally.rows === total
}

/** Every row, in the order of the key. */
export async function eachRow(
  from: Pick<CopySource, 'rows'>,
  table: Table,
  visit: (row: Row) => void,
): Promise<void> {
  let after: Row | null = null
  for (;;) {
    const page = await from.rows(table, after)
    const last = page.at(-1)
    if (last === undefined) return
    page.forEach(visit)
    after = keyOf(table, last)
  }
}

/** The name of the first table, or column, that only one of them has; null when both are the same. */
export function differingTable(a: readonly Table[], b: readonly Table[]): string | null {
  const words = (tables: readonly Table[]) =>
    tables.flatMap(({ name, columns }) => [
      name,
      ...columns.map((column) => `${name}.${column.name} (${column.kind})`),
    ])
  const [left, right] = [words(a), words(b)]
  return (
    left.find((word) => !right.includes(word)) ?? right.find((word) => !left.includes(word)) ?? null
  )
}

/** The heads of all chains, as text. */
export async function headsOf(source: Pick<CopySource, 'rows' | 'tables'>): Promise<string> {
  const table = source.tables.find(({ name }) => name === 'ledger_writer')
  const heads: string[] = []
  if (table) await eachRow(source, table, (row) => heads.push(rowText(row)))
  return heads.join('\n')
}

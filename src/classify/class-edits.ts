import { createHash } from 'node:crypto'
import type { Category, DataClass } from '#kernel/label.ts'
import {
  DEFAULT_CLASSES,
  type ClassRow,
  type ClassTable,
  type CombinationRow,
  type CountRow,
} from './data/classes.ts'

/** What a company says of its own about findings; what it does not speak of stays as it was. */
export interface ClassEdits {
  readonly rows: readonly {
    readonly types: readonly string[]
    /** Narrows the row to these rules. */
    readonly rules?: readonly string[]
    readonly class: DataClass
    readonly categories: readonly Category[]
    readonly minConfidence: number
  }[]
  /** In place of the counts of the table; null keeps them. */
  readonly counts: readonly CountRow[] | null
  /** In place of its combinations; null keeps them. */
  readonly combinations: readonly CombinationRow[] | null
}

/** A table with edits: a row takes its types, or its rules of a type, away from the rows there were. */
export function editedTable(edits: ClassEdits, base: ClassTable = DEFAULT_CLASSES): ClassTable {
  const kept = base.rows.flatMap((row) => withoutEdited(row, edits.rows))
  const rows = [...kept, ...edits.rows]
  const counts = edits.counts ?? base.counts
  const combinations = edits.combinations ?? base.combinations
  const digest = createHash('sha256').update(JSON.stringify([rows, counts, combinations]))
  return {
    version: `${base.version}+${digest.digest('hex').slice(0, 12)}`,
    source: base.source,
    rows,
    counts,
    combinations,
  }
}

function withoutEdited(row: ClassRow, edits: ClassEdits['rows']): readonly ClassRow[] {
  const types = row.types.filter((type) => !edits.some((edit) => replaces(edit, type, row.rules)))
  if (types.length === row.types.length) return [row]
  return types.length === 0 ? [] : [{ ...row, types }]
}

/** An edit without rules speaks of the whole type; one with rules replaces rows of nothing but these. */
const replaces = (
  edit: ClassEdits['rows'][number],
  type: string,
  rules: readonly string[] | undefined,
): boolean =>
  edit.types.includes(type) &&
  (edit.rules === undefined || rules?.every((rule) => edit.rules?.includes(rule)) === true)

const TABLES = new WeakMap<ClassEdits, ClassTable>()

/** The table that edits make, made once for each of them; the default table without edits. */
export function tableOf(edits: ClassEdits | null): ClassTable {
  if (edits === null) return DEFAULT_CLASSES
  const table = TABLES.get(edits) ?? editedTable(edits)
  TABLES.set(edits, table)
  return table
}

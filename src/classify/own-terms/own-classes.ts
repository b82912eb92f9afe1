import type { ClassRow, ClassTable } from '../data/classes.ts'
import { ownRule } from './find-own.ts'
import type { Meaning, OwnTerms } from './own-terms.ts'

const tables = new WeakMap<OwnTerms, { readonly from: ClassTable; readonly with: ClassTable }>()

/** The table with a row for every list, pattern and document of the company. */
export function withOwnClasses(table: ClassTable, own: OwnTerms | null): ClassTable {
  if (own === null || own.version === '') return table
  const known = tables.get(own)
  if (known?.from === table) return known.with
  const { lists, patterns, documents } = own.data
  const rows = [
    ...rowsOf('COMPANY_TERM', lists),
    ...rowsOf('COMPANY_PATTERN', patterns),
    ...rowsOf('COMPANY_DOCUMENT', documents),
  ]
  const made = { ...table, rows: [...table.rows, ...rows] }
  tables.set(own, { from: table, with: made })
  return made
}

/** One row for all that mean the same, so that a thousand documents do not make a thousand rows. */
function rowsOf(type: string, meanings: readonly Meaning[]): readonly ClassRow[] {
  const groups = Map.groupBy(meanings, (one) => `${one.class} ${one.category}`)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            types: [type],
            rules: [first, ...others].map(ownRule),
            class: first.class,
            categories: first.category === 'company' ? ['company'] : ['company', first.category],
            // every finding of these types was confirmed by a digest
            minConfidence: 0,
          } satisfies ClassRow,
        ],
  )
}

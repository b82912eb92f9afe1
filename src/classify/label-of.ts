import {
  CATEGORIES,
  higherClass,
  type Category,
  type DataClass,
  type Finding,
  type Label,
} from '#kernel/label.ts'
import type { ClassTable, CountRow } from './data/classes.ts'

/** A finding with its value in memory, for counting distinct ones. */
export interface Valued {
  readonly finding: Finding
  readonly value: string
}

/** The label that findings give by a table: the highest row, raised by counts of distinct values and by combinations of types. */
export function labelOf(found: readonly Valued[], table: ClassTable, floor: DataClass): Label {
  if (found.length === 0) return { class: floor, categories: [], undetermined: false }
  let dataClass = floor
  const categories = new Set<Category>()
  for (const row of table.rows) {
    const meant = found.some(
      ({ finding }) =>
        row.types.includes(finding.type) &&
        finding.confidence >= row.minConfidence &&
        (row.rules === undefined || row.rules.includes(finding.rule)),
    )
    if (!meant) continue
    dataClass = higherClass(dataClass, row.class)
    for (const category of row.categories) categories.add(category)
  }
  for (const count of table.counts) {
    if (mostDistinct(found, count) >= count.atLeast) dataClass = higherClass(dataClass, count.class)
  }
  for (const { types, different, minConfidence, class: raised } of table.combinations) {
    const present = types.filter((type) =>
      found.some(({ finding }) => finding.type === type && finding.confidence >= minConfidence),
    )
    if (present.length >= different) dataClass = higherClass(dataClass, raised)
  }
  return {
    class: dataClass,
    categories: CATEGORIES.filter((c) => categories.has(c)),
    undetermined: false,
  }
}

/** The largest number of distinct values of one type. */
function mostDistinct(found: readonly Valued[], count: CountRow): number {
  const values = new Map<string, Set<string>>()
  for (const { finding, value } of found) {
    if (!count.types.includes(finding.type) || finding.confidence < count.minConfidence) continue
    if (count.notRules?.includes(finding.rule) === true) continue
    const set = values.get(finding.type) ?? new Set()
    values.set(finding.type, set.add(value))
  }
  return Math.max(0, ...[...values.values()].map((set) => set.size))
}

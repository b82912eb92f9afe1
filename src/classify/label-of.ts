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
  const kinds = surestOfEachKind(found)
  for (const row of table.rows) {
    const meant = kinds.some(
      ({ type, rule, confidence }) =>
        row.types.includes(type) &&
        confidence >= row.minConfidence &&
        (row.rules === undefined || row.rules.includes(rule)),
    )
    if (!meant) continue
    dataClass = higherClass(dataClass, row.class)
    for (const category of row.categories) categories.add(category)
  }
  for (const count of table.counts) {
    if (mostDistinct(found, count) >= count.atLeast) dataClass = higherClass(dataClass, count.class)
  }
  for (const { types, different, minConfidence, class: raised } of table.combinations) {
    const present = types.filter((wanted) =>
      kinds.some(({ type, confidence }) => type === wanted && confidence >= minConfidence),
    )
    if (present.length >= different) dataClass = higherClass(dataClass, raised)
  }
  return {
    class: dataClass,
    categories: CATEGORIES.filter((c) => categories.has(c)),
    undetermined: false,
  }
}

/** One finding of each type and rule; a text has many thousands of a few kinds. */
function surestOfEachKind(found: readonly Valued[]): readonly Finding[] {
  const kinds = new Map<string, Map<string, Finding>>()
  for (const { finding } of found) {
    let rules = kinds.get(finding.type)
    if (rules === undefined) kinds.set(finding.type, (rules = new Map<string, Finding>()))
    const known = rules.get(finding.rule)
    if (known === undefined || known.confidence < finding.confidence)
      rules.set(finding.rule, finding)
  }
  return [...kinds.values()].flatMap((rules) => [...rules.values()])
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

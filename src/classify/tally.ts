import { hash } from 'node:crypto'
import { combineLabels, UNDETERMINED, type DataClass, type Label } from '#kernel/label.ts'
import type { ClassTable } from './data/classes.ts'
import { labelOf, type Valued } from './label-of.ts'

/** What a label needs of many findings: of each kind of finding, a bounded number of distinct values. */
export interface Tally {
  readonly kinds: ReadonlyMap<string, ReadonlyMap<string, Valued>>
}

/** Distinct values kept of one kind; no count of a table asks for as many. */
const MOST_VALUES = 1_000

export const emptyTally = (): Tally => ({ kinds: new Map() })

/** The tally with more findings; it keeps digests, so that no window of text is kept alive by a value cut from it. */
export function withTally(tally: Tally, found: readonly Valued[]): Tally {
  if (found.length === 0) return tally
  const kinds = new Map(tally.kinds)
  const own = new Map<string, Map<string, Valued>>()
  for (const { finding, value } of found) {
    const kind = `${finding.type} ${finding.rule} ${finding.confidence}`
    const values = own.get(kind) ?? new Map(kinds.get(kind))
    own.set(kind, values)
    if (values.size >= MOST_VALUES) continue
    const digest = hash('sha256', value, 'base64')
    if (!values.has(digest)) values.set(digest, { finding, value: digest })
  }
  for (const [kind, values] of own) kinds.set(kind, values)
  return { kinds }
}

/** The label of everything counted. */
export function labelOfTally(
  { kinds }: Tally,
  table: ClassTable,
  floor: DataClass,
  isDoubtful: boolean,
): Label {
  const label = labelOf(
    [...kinds.values()].flatMap((values) => [...values.values()]),
    table,
    floor,
  )
  return isDoubtful ? combineLabels(label, UNDETERMINED) : label
}

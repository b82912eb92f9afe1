import type { ClassTable } from '#classify/classify.ts'
import type { MaskDuty } from '#kernel/duties.ts'
import { matchesGlob } from '#kernel/glob.ts'
import type { Finding } from '#kernel/label.ts'

/** Whether a mask covers a finding: by its type, or by a category that the table of classes gives it. */
export function coveredBy(
  { types, categories }: Pick<MaskDuty, 'types' | 'categories'>,
  table: ClassTable,
): (finding: Pick<Finding, 'type' | 'rule'>) => boolean {
  const rows = table.rows.filter((row) => row.categories.some((one) => categories.includes(one)))
  const known = new Map<string, boolean>()
  return ({ type, rule }) => {
    // why a text could not be read is no value
    if (type === 'UNDETERMINED') return false
    const key = `${type} ${rule}`
    const before = known.get(key)
    if (before !== undefined) return before
    const covered =
      types.some((pattern) => matchesGlob(pattern, type)) ||
      rows.some((row) => row.types.includes(type) && (row.rules?.includes(rule) ?? true))
    known.set(key, covered)
    return covered
  }
}

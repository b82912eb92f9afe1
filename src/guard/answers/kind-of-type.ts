import { DEFAULT_CLASSES } from '#classify/data/classes.ts'
import type { AnswerKind } from '#kernel/duties.ts'
import type { Category, Finding } from '#kernel/label.ts'

/** What categories of findings are in an answer, the first that fits; others, such as strategy, are no matter of the answer. */
const KINDS: readonly (readonly [Category, AnswerKind])[] = [
  ['credentials', 'secrets'],
  ['marking', 'markings'],
  ['personal', 'personal'],
]

/** A link is looked at as a link. */
const NOT_HERE: ReadonlySet<string> = new Set(['URL'])

/** What the company itself has told: its terms, its patterns, its documents. */
const OWN: ReadonlySet<string> = new Set(['COMPANY_TERM', 'COMPANY_PATTERN', 'COMPANY_DOCUMENT'])

/** What may be said again that the question said. */
export const MAY_BE_REPEATED: ReadonlySet<AnswerKind> = new Set<AnswerKind>(['personal', 'terms'])

const rows = new Map<string, (typeof DEFAULT_CLASSES.rows)[number][]>()
for (const row of DEFAULT_CLASSES.rows) {
  for (const type of row.types) rows.set(type, [...(rows.get(type) ?? []), row])
}

/** What a finding of the classifier is in an answer; null: of no matter, or too unsure. */
export function kindOf({ type, rule, confidence }: Finding): AnswerKind | null {
  if (NOT_HERE.has(type)) return null
  if (OWN.has(type)) return 'terms'
  const categories = (rows.get(type) ?? [])
    .filter((row) => confidence >= row.minConfidence && (row.rules?.includes(rule) ?? true))
    .flatMap((row) => row.categories)
  return KINDS.find(([category]) => categories.includes(category))?.[1] ?? null
}

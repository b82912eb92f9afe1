import { GROUPS, type Group } from './canonical.ts'
import { scoreLabels, type LabelFigures } from './labels.ts'
import type { HostileStep, Measured, Pace } from './measure.ts'
import type { Row } from './row.ts'
import {
  anyType,
  falseAlarms,
  score,
  together,
  typed,
  type Alarms,
  type Figures,
  type Tally,
} from './score.ts'

/** Figures of one kind of thing on one kind of corpus. */
export interface GroupFigures {
  readonly typed: Figures
  readonly any: Figures
  readonly gold: number
}

export interface Quality {
  readonly name: string
  /** Rows that were reached before it ended. */
  readonly rows: number
  readonly failedRows: number
  readonly groups: Readonly<Record<string, GroupFigures>>
  readonly byType: ReadonlyMap<string, Tally>
  readonly byLanguage: ReadonlyMap<string, Tally>
  readonly bySet: ReadonlyMap<string, Tally>
  readonly identifiersBySet: ReadonlyMap<string, Tally>
  readonly alarms: { readonly any: Alarms; readonly structured: Alarms }
  readonly labels: LabelFigures | null
}

/** The figures of the summary: what is looked for, and the families of texts it is looked for in. */
export const SUMMARY: readonly {
  readonly title: string
  readonly group: Group
  readonly families: readonly string[]
}[] = [
  { title: 'identifiers', group: 'identifiers', families: ['pii'] },
  { title: 'secrets', group: 'secrets', families: ['secrets'] },
  { title: 'persons', group: 'persons', families: ['pii', 'ner'] },
  { title: 'everything', group: 'all', families: ['pii', 'secrets', 'ner'] },
]

/** All that a corpus says of one subject, over the texts that it came to before it ended. */
export function qualityOf(all: readonly Row[], subject: Measured): Quality {
  const { predictions } = subject
  const rows = all.filter(({ id }) => predictions.has(id))
  const inFamilies = (families: readonly string[]): readonly Row[] =>
    rows.filter(({ family }) => families.includes(family))
  const groups = Object.fromEntries(
    SUMMARY.map(({ title, group, families }): [string, GroupFigures] => {
      const { total } = score(inFamilies(families), predictions, GROUPS[group])
      return [title, { typed: typed(total), any: anyType(total), gold: total.gold }]
    }),
  )
  // within a family a type that nobody labelled there says nothing
  const scored = ['pii', 'secrets', 'ner'].map((family) => {
    const own = inFamilies([family])
    const known = score(own, new Map(), GROUPS.all).byType
    return score(own, predictions, (type) => known.has(type))
  })
  const { byType, byLanguage, bySet } = together(scored)
  const clean = inFamilies(['negatives'])
  return {
    name: subject.name,
    rows: rows.length,
    failedRows: subject.failedRows,
    groups,
    byType,
    byLanguage,
    bySet,
    identifiersBySet: score(inFamilies(['pii']), predictions, GROUPS.identifiers).bySet,
    alarms: {
      any: falseAlarms(clean, predictions, GROUPS.all),
      structured: falseAlarms(clean, predictions, GROUPS.structured),
    },
    labels: scoreLabels(inFamilies(['sensitivity']), predictions),
  }
}

/** Megabytes a second; null where nothing was measured. */
export const megabytes = (pace: Pace | null): number | null =>
  pace && pace.ms > 0 ? pace.bytes / 1000 / pace.ms : null

/** The time of JSON.stringify and JSON.parse over the same bytes, by that of the subject; 1 is as fast. */
export function jsonRatio(pace: Pace | null, reference: Pace | null): number | null {
  if (!pace || pace.ms === 0) return null
  if (pace.jsonMs !== null) return pace.jsonMs / pace.ms
  // a subject in another language: as the same run's own process reads and writes JSON
  if (!reference || reference.jsonMs === null) return null
  return (reference.jsonMs / reference.bytes) * (pace.bytes / pace.ms)
}

export interface Worst {
  readonly size: number
  readonly name: string
  readonly ms: number
}

/** The slowest hostile text of one size; null where none came to its end. */
export function worstAt(steps: readonly HostileStep[], size: number): Worst | null {
  const times = steps.filter((step) => step.size === size)
  const slowest = times.reduce<Worst | null>(
    (worst, { name, ms }) => (ms !== null && ms > (worst?.ms ?? -1) ? { size, name, ms } : worst),
    null,
  )
  return slowest
}

/** Texts of a size that failed, or were left out because they would have taken too long. */
export const lostAt = (steps: readonly HostileStep[], size: number): number =>
  steps.filter((step) => step.size === size && step.ms === null).length

import type { Component, ComponentState, Family } from '../catalogue/family.ts'
import { gradeOf } from '../catalogue/grade-family.ts'
import type { Grade } from '../catalogue/grade.ts'
import { reasonOf } from '../catalogue/reason.ts'
import type { Said } from '../catalogue/words.ts'
import type { ImportedIndexes } from './index-file.ts'
import { viewsOf } from './index-view.ts'

/** What an index sees otherwise. */
export interface Disagreement {
  readonly index: 'osai' | 'mot'
  readonly component: Component
  readonly theirs: ComponentState
}

/** A row of the catalogue with everything that is said of its openness, in one line each. */
export interface CatalogueRow {
  readonly family: Family
  readonly grade: Grade
  readonly reason: Said
  /** Null: the OSI said nothing of it. */
  readonly osi: string | null
  /** The best class of the Model Openness Framework that one of its models has; null: none, or not looked at. */
  readonly mofClass: number | null
  readonly disagreements: readonly Disagreement[]
}

/** One line of the catalogue. */
export function catalogueRow(family: Family, imported: ImportedIndexes): CatalogueRow {
  const grade = gradeOf(family)
  const views = viewsOf(family, imported)
  const classes = [family.mofClass, ...views.map(({ mofClass }) => mofClass)].filter(
    (one) => one !== null,
  )
  const told = new Map<string, Disagreement>()
  for (const { row, differs } of views) {
    const index = row.id.startsWith('osai:') ? 'osai' : 'mot'
    for (const { component, theirs } of differs)
      told.set(`${index} ${component} ${theirs}`, { index, component, theirs })
  }
  return {
    family,
    grade,
    reason: reasonOf(family, grade),
    osi: family.osiView === 'unknown' ? null : family.osiView,
    mofClass: classes.length === 0 ? null : Math.min(...classes),
    disagreements: [...told.values()],
  }
}

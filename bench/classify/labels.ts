import { CLASSES } from '#kernel/label.ts'
import type { Row } from './row.ts'
import type { Predictions } from './score.ts'

export interface LabelFigures {
  readonly rows: number
  readonly accuracy: number
  /** Share of texts that got a lower class than they have. */
  readonly under: number
  readonly over: number
}

/** How often the class of a whole text is right, too low, or too high; null where nobody says the class. */
export function scoreLabels(rows: readonly Row[], predictions: Predictions): LabelFigures | null {
  const told = rows.filter(({ label }) => rank(label) >= 0)
  if (!told.some(({ id }) => predictions.get(id)?.label !== undefined)) return null
  const steps = told.map(({ id, label }) => {
    const given = rank(predictions.get(id)?.label)
    return (given === -1 ? 0 : given) - rank(label)
  })
  const share = (is: (step: number) => boolean): number => steps.filter(is).length / told.length
  return {
    rows: told.length,
    accuracy: share((step) => step === 0),
    under: share((step) => step < 0),
    over: share((step) => step > 0),
  }
}

const rank = (label: string | undefined): number => CLASSES.findIndex((one) => one === label)

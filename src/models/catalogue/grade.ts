import type { LicenceLetter } from '../licences/licence.ts'
import type { Component, ComponentState } from './family.ts'

/** 1 no access, 2 API only, 3 weights, 4 weights and some of their making, 5 code and data information, 6 everything. */
export type OpennessLevel = 1 | 2 | 3 | 4 | 5 | 6

/** State of each component; one that is absent does not exist for the model. */
export type ComponentStates = Readonly<Partial<Record<Component, ComponentState>>>

export interface Grade {
  readonly level: OpennessLevel
  readonly letter: LicenceLetter
  /** `4·N`. */
  readonly text: string
  /** Open source in the strict sense: level 5 or 6 under an open licence. */
  readonly strictOpenSource: boolean
  /** What keeps it from the next level: components, or `licence`. */
  readonly blockedBy: readonly (Component | 'licence')[]
}

const isSome = (state: ComponentState | undefined): boolean =>
  state === 'open' || state === 'partial'
const isOpen = (state: ComponentState | undefined): boolean => state === 'open'

/** Components any of which lifts weights alone to level 4; partial evaluation does not. */
const MAKING = ['training_code', 'training_data', 'finetuning_data', 'data_information'] as const

/**
 * The level that evidence gives, by the six-level rule. Inference code and a paper never lift it, gated weights count as
 * weights, and what is unknown counts as closed. `isOffered`: whether people outside can use the model at all.
 */
export function grade(states: ComponentStates, letter: LicenceLetter, isOffered = true): Grade {
  const made = (level: OpennessLevel, blockedBy: Grade['blockedBy']): Grade => ({
    level,
    letter,
    text: `${level}·${letter}`,
    strictOpenSource: level >= 5 && letter === 'O',
    blockedBy,
  })
  if (!isSome(states.weights)) return made(isOffered ? 2 : 1, ['weights'])
  const isMade = MAKING.some((one) => isSome(states[one])) || isOpen(states.evaluation)
  if (!isMade) return made(3, [...MAKING.filter((one) => states[one] !== undefined), 'evaluation'])
  const closed = (['data_information', 'training_code'] as const).filter(
    (one) => !isOpen(states[one]),
  )
  if (closed.length > 0) return made(4, closed)
  const data = (['training_data', 'finetuning_data'] as const).filter(
    (one) => (one === 'training_data' || states[one] !== undefined) && !isOpen(states[one]),
  )
  if (data.length > 0 || letter !== 'O') {
    return made(5, [...data, ...(letter === 'O' ? [] : (['licence'] as const))])
  }
  return made(6, [])
}

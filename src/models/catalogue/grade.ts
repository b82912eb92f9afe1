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
  /** What lifts it to its level; none at 1 and 2, where nothing can be had. */
  readonly liftedBy: readonly Component[]
  /** What keeps it from the next level: components, or `licence`. */
  readonly blockedBy: readonly (Component | 'licence')[]
}

const isSome = (state: ComponentState | undefined): boolean =>
  state === 'open' || state === 'partial'
const isOpen = (state: ComponentState | undefined): boolean => state === 'open'

/** Components any of which lifts weights alone to level 4; partial evaluation does not. */
const MAKING = ['training_code', 'training_data', 'finetuning_data', 'data_information'] as const

/** What has to be open in full, to anybody, for level 5. */
const WHOLE = ['data_information', 'training_code', 'weights'] as const

/**
 * The level that evidence gives, by the six-level rule. Inference code and a paper never lift it, gated weights count as
 * weights up to level 4, and what is unknown counts as closed. `isOffered`: whether people outside can use the model at all.
 */
export function grade(states: ComponentStates, letter: LicenceLetter, isOffered = true): Grade {
  const made = (
    level: OpennessLevel,
    liftedBy: Grade['liftedBy'],
    blockedBy: Grade['blockedBy'],
  ): Grade => ({
    level,
    letter,
    text: `${level}·${letter}`,
    strictOpenSource: level >= 5 && letter === 'O',
    liftedBy,
    blockedBy,
  })
  if (!isSome(states.weights)) return made(isOffered ? 2 : 1, [], ['weights'])
  const making = MAKING.filter((one) => isSome(states[one]))
  const lifts = isOpen(states.evaluation) ? [...making, 'evaluation' as const] : making
  if (lifts.length === 0)
    return made(
      3,
      ['weights'],
      [...MAKING.filter((one) => states[one] !== undefined), 'evaluation'],
    )
  const closed = WHOLE.filter((one) => !isOpen(states[one]))
  if (closed.length > 0) return made(4, lifts, closed)
  const data = (['training_data', 'finetuning_data'] as const).filter(
    (one) => (one === 'training_data' || states[one] !== undefined) && !isOpen(states[one]),
  )
  if (data.length > 0 || letter !== 'O') {
    return made(5, WHOLE, [...data, ...(letter === 'O' ? [] : (['licence'] as const))])
  }
  const had = (['training_data', 'finetuning_data'] as const).filter((one) => isOpen(states[one]))
  return made(6, [...WHOLE, ...had], [])
}

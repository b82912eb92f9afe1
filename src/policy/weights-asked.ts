import type { WeightsStanding } from '#kernel/destination.ts'
import { CLASSES, type DataClass } from '#kernel/label.ts'
import type { PolicyRule } from './rule.ts'

/** What a policy asks of weights at most, for requests of each class; a class of which no rule asks anything is absent. */
export function weightsAsked(
  rules: readonly PolicyRule[],
): ReadonlyMap<DataClass, 'verified' | 'approved'> {
  const asked = new Map<DataClass, 'verified' | 'approved'>()
  for (const { match, allow } of rules) {
    const weights = allow?.weights
    if (weights === undefined) continue
    for (const one of match.classes ?? CLASSES)
      if (asked.get(one) !== 'approved') asked.set(one, weights)
  }
  return asked
}

/** The classes of which the policy asks more of weights than these are, from the lowest. */
export const classesNotFor = (
  asked: ReadonlyMap<DataClass, 'verified' | 'approved'>,
  weights: WeightsStanding,
): readonly DataClass[] =>
  CLASSES.filter((one) => {
    const wanted = asked.get(one)
    return wanted !== undefined && weights !== 'approved' && weights !== wanted
  })

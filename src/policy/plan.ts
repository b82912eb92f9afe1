import type { RefusedCode } from '#kernel/verdict.ts'
import type { Bits } from './bits.ts'
import { indexOf, placesWhere, type CatalogueIndex } from './catalogue-index.ts'
import type { Catalogue, Policy } from './document.ts'
import { dutiesByRule, type FindDuties } from './rule-duties.ts'
import { rulesByMatch, type FindRules } from './matching-rules.ts'
import { isDenied, unmet, type Candidate } from './requirement.ts'
import { MovingOrder } from './moving-order.ts'
import { isMoving } from './preference.ts'
import type { PolicyRule } from './rule.ts'

/** A policy and a catalogue put together once, so that a decision only combines sets. */
export interface Plan {
  readonly index: CatalogueIndex
  readonly findRules: FindRules
  readonly findDuties: FindDuties
  /** The candidates that each rule leaves. */
  readonly left: readonly Bits[]
  /** Whether some rule says how soon an answer must begin. */
  readonly hasLatency: boolean
  /** The order where it is made anew for each request; null: it hangs on the size alone. */
  readonly moving: MovingOrder | null
  /** Orders of preference by the size of requests, made when asked for. */
  readonly orders: Map<number, Uint32Array>
}

const finders = new WeakMap<Policy, Pick<Plan, 'findRules' | 'findDuties'>>()
const plans = new WeakMap<Policy, WeakMap<Catalogue, Plan>>()

/** The plan of a policy and a catalogue, made at their first meeting. */
export function planOf(policy: Policy, catalogue: Catalogue): Plan {
  const ofPolicy = plans.get(policy) ?? new WeakMap<Catalogue, Plan>()
  plans.set(policy, ofPolicy)
  const known = ofPolicy.get(catalogue)
  if (known) return known
  const index = indexOf(catalogue)
  const { rules } = policy
  const found = finders.get(policy) ?? {
    findRules: rulesByMatch(rules),
    findDuties: dutiesByRule(rules),
  }
  finders.set(policy, found)
  const plan = {
    index,
    ...found,
    left: leftByRule(rules, index),
    hasLatency: rules.some(({ allow }) => allow?.startWithinMs !== undefined),
    moving: policy.prefer && isMoving(policy.prefer) ? new MovingOrder(policy.prefer, index) : null,
    orders: new Map<number, Uint32Array>(),
  }
  ofPolicy.set(catalogue, plan)
  return plan
}

/** Rules say the same thing over and over: what each different one leaves is found out once. */
function leftByRule(rules: readonly PolicyRule[], { candidates }: CatalogueIndex): readonly Bits[] {
  const known = new Map<string, Bits>()
  return rules.map((rule) => {
    const key = JSON.stringify([rule.allow, rule.deny])
    const bits =
      known.get(key) ?? placesWhere(candidates, (one) => ruleObjection(rule, one) === null)
    known.set(key, bits)
    return bits
  })
}

/** What one rule says against a candidate, or null. */
export function ruleObjection(
  { allow, deny }: PolicyRule,
  candidate: Candidate,
): RefusedCode | null {
  if (deny && isDenied(deny, candidate)) return 'denied'
  return allow ? unmet(allow, candidate) : null
}

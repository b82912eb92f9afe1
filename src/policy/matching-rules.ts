import type { Facts } from '#kernel/verdict.ts'
import { addBit, eachBit, emptyBits, fullBits, intersect, type Bits } from './bits.ts'
import { readCondition, variablesOf, type Condition } from './condition.ts'
import { NamedBits } from './names.ts'
import type { PolicyRule, RuleMatch } from './rule.ts'

/** The rules that speak of one request. */
export interface Speaking {
  /** Positions in the policy, ascending. */
  readonly rules: readonly number[]
  /** Whether one of them names the class and says where it may go: without, it goes nowhere outside. */
  readonly isMentioned: boolean
}

/** Finds the rules that speak of a request without looking at each. */
export type FindRules = (facts: Facts) => Speaking

type Field = Exclude<keyof RuleMatch, 'categories'>

/** What a field of a match is compared with. */
const FACTS: readonly (readonly [Field, (facts: Facts) => string | undefined])[] = [
  ['classes', ({ label }) => label.class],
  ['models', ({ requestedModel }) => requestedModel],
  ['tasks', ({ task }) => task],
  ['surfaces', ({ surface }) => surface],
  ['keys', ({ caller }) => caller?.key],
  ['applications', ({ caller }) => caller?.application],
  ['teams', ({ caller }) => caller?.team],
  ['people', ({ caller }) => caller?.person],
  ['purposes', ({ caller }) => caller?.purpose],
]

/** The rules of a policy by what they match. */
export function rulesByMatch(rules: readonly PolicyRule[]): FindRules {
  const all = fullBits(rules.length)
  const matched = emptyBits(rules.length)
  const dimensions = FACTS.map(([field, factOf]) => {
    const named = new NamedBits(rules.length)
    rules.forEach(({ match }, place) => named.put(place, match[field]))
    return { named, factOf }
  }).filter(({ named }) => named.isUsed)
  const categories = new NamedBits(rules.length)
  rules.forEach(({ match }, place) => categories.put(place, match.categories))
  const conditions = rules.map(({ when }) => (when === undefined ? null : conditionOf(when)))
  const mentions = placesOf(rules, isMention)

  return (facts) => {
    matched.set(all)
    for (const { named, factOf } of dimensions) intersect(matched, named.of(factOf(facts)))
    if (categories.isUsed) intersect(matched, categories.ofAny(facts.label.categories))
    const speaking: number[] = []
    let isMentioned = false
    let variables: ReturnType<typeof variablesOf> | null = null
    eachBit(matched, (place) => {
      const condition = conditions[place]
      const answer = condition ? ask(condition, (variables ??= variablesOf(facts))) : true
      if (answer === false) return
      speaking.push(place)
      isMentioned ||= answer === true && ((mentions[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0
    })
    return { rules: speaking, isMentioned }
  }
}

/** Says where a class may go that it names. */
const isMention = ({ match, allow }: PolicyRule): boolean =>
  match.classes !== undefined && (allow?.zones ?? allow?.destinations) !== undefined

function placesOf(rules: readonly PolicyRule[], is: (rule: PolicyRule) => boolean): Bits {
  const bits = emptyBits(rules.length)
  rules.forEach((rule, place) => {
    if (is(rule)) addBit(bits, place)
  })
  return bits
}

/** A condition that cannot be read, or asked, binds without opening anything. */
function conditionOf(text: string): Condition {
  const read = readCondition(text)
  if (read.ok) return read.value
  return () => {
    throw new TypeError('the condition cannot be read')
  }
}

function ask(
  condition: Condition,
  variables: ReturnType<typeof variablesOf>,
): boolean | 'unanswered' {
  try {
    return condition(variables)
  } catch {
    return 'unanswered'
  }
}

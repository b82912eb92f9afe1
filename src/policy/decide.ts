import type { Label } from '#kernel/label.ts'
import type { Duties } from '#kernel/duties.ts'
import type { Choice, Facts, Health, RefusedChoice, Verdict } from '#kernel/verdict.ts'
import { emptyBits, hasBit, intersect, removeBit, subtract, type Bits } from './bits.ts'
import type { Catalogue, Policy } from './document.ts'
import { keepWithinKey, objectionOfKey } from './key-limits.ts'
import type { Speaking } from './matching-rules.ts'
import { isWithheld, ownObjection, type CatalogueIndex } from './catalogue-index.ts'
import { planOf, ruleObjection, type Plan } from './plan.ts'
import { isTooSlow, keepFastEnough, latencyNeed, type LatencyNeed } from './latency.ts'
import { Preferred } from './preferred.ts'
import { costOf, orderOf, preferencesOf, sizeOf } from './preference.ts'
import { DEFAULT_PREFERENCES } from './rule.ts'

/**
 * Which destinations may see a request, in the order to try them, and why the others may not. Pure: the same facts,
 * policy, catalogue and health always give the same verdict, so any line of the ledger can be replayed.
 */
export function decide(
  facts: Facts,
  policy: Policy,
  catalogue: Catalogue,
  health: Health,
): Verdict {
  const plan = planOf(policy, catalogue)
  const { index } = plan
  const meant = meantBy(facts, index)
  const speaking = plan.findRules(facts)
  const allowed = meant.slice()
  keepWithinKey(allowed, facts, index)
  intersect(allowed, index.cleared[facts.label.class])
  for (const category of facts.label.categories) {
    const withheld = index.withheld.get(category)
    if (withheld) subtract(allowed, withheld)
  }
  if (!speaking.isMentioned) intersect(allowed, index.onDevice)
  for (const place of speaking.rules) {
    const left = plan.left[place]
    if (left) intersect(allowed, left)
  }
  keepAskedZones(allowed, facts, index)
  const need =
    plan.hasLatency || facts.maxLatencyMs !== undefined
      ? latencyNeed(facts, policy.rules, speaking.rules)
      : null
  if (need) keepFastEnough(allowed, need, facts, index)
  keepReady(allowed, health, index)
  return new Decided({ facts, policy, catalogue, health, plan, meant, speaking, need, allowed })
}

function meantBy(facts: Facts, index: CatalogueIndex): Bits {
  return facts.requestedModel === 'auto'
    ? index.byTask(facts.task)
    : (index.byName.get(facts.requestedModel) ?? emptyBits(index.candidates.length))
}

function keepAskedZones(allowed: Bits, { zones }: Facts, { candidates }: CatalogueIndex): void {
  if (!zones) return
  candidates.forEach(({ zone }, place) => {
    if (!zones.includes(zone)) removeBit(allowed, place)
  })
}

/** Few places are down at a time: they are looked for by name. */
function keepReady(allowed: Bits, health: Health, index: CatalogueIndex): void {
  for (const name in health) {
    if (health[name] === 'ready') continue
    const whole = index.ofDestination.get(name)
    if (whole) subtract(allowed, whole)
    const [destination, ...rest] = name.split('/')
    const places = rest.length > 0 ? index.ofDestination.get(destination ?? '') : undefined
    if (!places) continue
    const model = rest.join('/')
    index.candidates.forEach((candidate, place) => {
      if (hasBit(places, place) && candidate.model.name === model) removeBit(allowed, place)
    })
  }
}

interface Basis {
  readonly facts: Facts
  readonly policy: Policy
  readonly catalogue: Catalogue
  readonly health: Health
  readonly plan: Plan
  readonly meant: Bits
  readonly speaking: Speaking
  readonly need: LatencyNeed | null
  readonly allowed: Bits
}

/** A verdict whose lists are written out when they are asked for: what is refused seldom is. */
class Decided implements Verdict {
  readonly #basis: Basis
  #allowed: readonly Choice[] | null = null
  #refused: readonly RefusedChoice[] | null = null
  readonly label: Label
  readonly duties: Duties
  readonly policyVersion: string
  readonly catalogueVersion: string

  constructor(basis: Basis) {
    this.#basis = basis
    this.label = basis.facts.label
    this.duties = basis.plan.findDuties(basis.speaking.rules)
    this.policyVersion = basis.policy.version
    this.catalogueVersion = basis.catalogue.version
    Object.freeze(this)
  }

  get chosen(): Choice | null {
    return this.allowed[0] ?? null
  }

  get allowed(): readonly Choice[] {
    return (this.#allowed ??= Object.freeze(choicesOf(this.#basis)))
  }

  get refused(): readonly RefusedChoice[] {
    return (this.#refused ??= Object.freeze(refusedOf(this.#basis)))
  }
}

function choicesOf({ facts, policy, plan, allowed }: Basis): Choice[] {
  const order = plan.moving?.of(facts, allowed) ?? keptOrder(facts, policy, plan)
  const preferences = policy.prefer ? preferencesOf(policy.prefer) : null
  const choices: Choice[] = []
  for (const place of order) {
    const candidate = hasBit(allowed, place) ? plan.index.candidates[place] : undefined
    if (!candidate) continue
    const { destination, model, zone } = candidate
    const costEuro = costOf(facts.inputTokensEstimate, model)
    const tokensPerSecond = model.tokensPerSecond ?? null
    choices.push(
      preferences
        ? new Preferred(candidate, costEuro, preferences, facts)
        : { destination, model, zone, costEuro, tokensPerSecond },
    )
  }
  return choices
}

/** For requests of one size the order is the same, and made once. */
function keptOrder(facts: Facts, { prefer }: Policy, { orders, index }: Plan): Iterable<number> {
  const size = sizeOf(facts)
  const known = orders.get(size)
  if (known) return known
  const order = orderOf(index.candidates, preferencesOf(prefer ?? DEFAULT_PREFERENCES), size)
  orders.set(size, order)
  return order
}

function refusedOf(basis: Basis): RefusedChoice[] {
  const { plan, meant, allowed } = basis
  return plan.index.candidates.flatMap((candidate, place) => {
    if (!hasBit(meant, place) || hasBit(allowed, place)) return []
    const { destination, model } = candidate
    return [{ destination: destination.id, model: model.name, ...objection(basis, place) }]
  })
}

/** The first objection to a candidate, from the most lasting to the most passing. */
function objection(basis: Basis, place: number): Pick<RefusedChoice, 'code' | 'rule'> {
  const { facts, policy, plan, speaking, need, health } = basis
  const candidate = plan.index.candidates[place]
  if (!candidate) throw new RangeError('no such candidate')
  const { destination, model, zone } = candidate
  const ofKey = objectionOfKey(facts, candidate)
  if (ofKey) return { code: ofKey, rule: 'key' }
  const own = `destination:${destination.id}`
  const standing = ownObjection(candidate, facts.label.class)
  if (standing) return { code: standing, rule: own }
  if (facts.label.categories.some((one) => isWithheld(candidate, one)))
    return { code: 'category-withheld', rule: own }
  if (!speaking.isMentioned && zone !== 'device')
    return { code: 'class-not-mentioned', rule: 'default-deny' }
  for (const position of speaking.rules) {
    const rule = policy.rules[position]
    const code = rule ? ruleObjection(rule, candidate) : null
    if (rule && code) return { code, rule: rule.id }
  }
  if (facts.zones && !facts.zones.includes(zone))
    return { code: 'zone-excluded-by-caller', rule: 'x-ecluse-zones' }
  if (need && isTooSlow(candidate, need, facts)) return { code: 'too-slow', rule: need.rule }
  const of = health[destination.id] ?? 'ready'
  const state = of === 'ready' ? (health[`${destination.id}/${model.name}`] ?? 'ready') : of
  return { code: state === 'ready' ? 'not-ready' : state, rule: own }
}

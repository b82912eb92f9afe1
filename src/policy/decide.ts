import { ZONES, type Zone } from '#kernel/destination.ts'
import { coversMask, maskFor, type Duties, type MaskDuty } from '#kernel/duties.ts'
import type { Label } from '#kernel/label.ts'
import type { Choice, Facts, Health, MaskedFacts, RefusedChoice, Verdict } from '#kernel/verdict.ts'
import { addBit, emptyBits, hasBit, intersect, removeBit, subtract, type Bits } from './bits.ts'
import type { Catalogue, Policy } from './document.ts'
import { keepWithinKey, objectionOfKey } from './key-limits.ts'
import type { Speaking } from './matching-rules.ts'
import {
  isWithheld,
  ownObjection,
  weightsObjection,
  type CatalogueIndex,
} from './catalogue-index.ts'
import { planOf, ruleObjection, type Plan } from './plan.ts'
import { isTooSlow, keepFastEnough, latencyNeed, type LatencyNeed } from './latency.ts'
import { Preferred } from './preferred.ts'
import { costOf, orderOf, preferencesOf, sizeOf } from './preference.ts'
import { DEFAULT_PREFERENCES } from './rule.ts'
import { dutiesOf } from './rule-duties.ts'

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
  const meant = meantBy(facts, plan.index)
  const raw = readBy(facts, facts.label, { facts, policy, plan, meant, health })
  const asked = plan.findDuties(raw.speaking.rules)
  const { duties, allowed, masked } =
    asked.mask.length === 0
      ? { duties: asked, allowed: raw.allowed, masked: NOTHING_MASKED }
      : decideMasked(asked, raw, { facts, policy, plan, meant, health })
  return new Decided({
    facts,
    policy,
    catalogue,
    health,
    plan,
    meant,
    raw,
    duties,
    masked,
    allowed,
  })
}

interface Asked {
  readonly facts: Facts
  readonly policy: Policy
  readonly plan: Plan
  readonly meant: Bits
  readonly health: Health
}

/** What the rules say of a request that is read in one way: as it is, or masked. */
interface Reading {
  readonly label: Label
  readonly speaking: Speaking
  /** How soon the answer must begin; null: nobody says. */
  readonly need: LatencyNeed | null
  readonly allowed: Bits
}

function readBy(
  read: Pick<Facts, 'findings'>,
  label: Label,
  { facts, policy, plan, meant, health }: Asked,
): Reading {
  const { index } = plan
  const speaking = plan.findRules(
    label === facts.label ? facts : { ...facts, label, findings: read.findings ?? {} },
  )
  const allowed = meant.slice()
  // a key bounds what its holder may send, which is the request as it came
  keepWithinKey(allowed, facts, index)
  intersect(allowed, index.cleared[label.class])
  for (const category of label.categories) {
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
  return { label, speaking, need, allowed }
}

/** How a zone sees a request that some rule has masked there; null: it cannot be masked as it must. */
type MaskedZone = { readonly duty: MaskDuty; readonly reading: Reading } | null

const NOTHING_MASKED: ReadonlyMap<Zone, MaskedZone> = new Map()

/** Where a rule asks for a mask, the masked request counts, and it alone; everywhere else the request as it is. */
function decideMasked(
  asked: Duties,
  raw: Reading,
  of: Asked,
): Pick<Basis, 'duties' | 'allowed' | 'masked'> {
  const { facts, plan } = of
  const readings = new Map<MaskedFacts, Reading>()
  for (const one of facts.masked ?? []) if (one.label) readings.set(one, readBy(one, one.label, of))
  const speaking = new Set(raw.speaking.rules)
  for (const reading of readings.values())
    for (const rule of reading.speaking.rules) speaking.add(rule)
  // what speaks of the masked request alone may ask for more, of this zone too
  const duties =
    speaking.size === raw.speaking.rules.length ? asked : plan.findDuties([...speaking])
  const masked = new Map<Zone, MaskedZone>()
  for (const zone of ZONES) {
    const needed = maskFor(duties, zone)
    if (!needed) continue
    const given = facts.masked?.find(({ zones }) => zones.includes(zone))
    const reading = given && readings.get(given)
    masked.set(
      zone,
      given && reading && coversMask(given.duty, needed) ? { duty: needed, reading } : null,
    )
  }
  const allowed = raw.allowed.slice()
  plan.index.candidates.forEach(({ zone }, place) => {
    const own = masked.get(zone)
    if (own === undefined) return
    removeBit(allowed, place)
    if (own && hasBit(own.reading.allowed, place)) addBit(allowed, place)
  })
  return { duties, allowed, masked }
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
  readonly raw: Reading
  readonly duties: Duties
  readonly masked: ReadonlyMap<Zone, MaskedZone>
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
    this.duties = basis.duties
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

function choicesOf({ facts, policy, plan, allowed, masked }: Basis): Choice[] {
  const order = plan.moving?.of(facts, allowed) ?? keptOrder(facts, policy, plan)
  const preferences = policy.prefer ? preferencesOf(policy.prefer) : null
  const choices: Choice[] = []
  for (const place of order) {
    const candidate = hasBit(allowed, place) ? plan.index.candidates[place] : undefined
    if (!candidate) continue
    const { destination, model, zone } = candidate
    const costEuro = costOf(facts.inputTokensEstimate, model)
    const own = masked.get(zone)
    const mask = own ? { masked: { duty: own.duty, label: own.reading.label } } : null
    const tokensPerSecond = model.tokensPerSecond ?? null
    choices.push(
      preferences
        ? new Preferred(candidate, mask, costEuro, preferences, facts)
        : { destination, model, zone, costEuro, tokensPerSecond, ...mask },
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
  const { facts, policy, plan, masked, health } = basis
  const candidate = plan.index.candidates[place]
  if (!candidate) throw new RangeError('no such candidate')
  const { destination, model, zone } = candidate
  const ofKey = objectionOfKey(facts, candidate)
  if (ofKey) return { code: ofKey, rule: 'key' }
  const own = `destination:${destination.id}`
  const maskedHere = masked.get(zone)
  if (maskedHere === null) return { code: 'not-maskable', rule: maskRule(basis, zone) }
  const { label, speaking, need } = maskedHere?.reading ?? basis.raw
  const standing = ownObjection(candidate, label.class)
  if (standing) {
    const rule = weightsObjection(candidate) === null ? own : `admission:${model.name}`
    return { code: standing, rule }
  }
  if (label.categories.some((one) => isWithheld(candidate, one)))
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

/** The first rule that has a zone masked. */
function maskRule({ policy, raw }: Basis, zone: Zone): string {
  const asks = raw.speaking.rules.find((place) => {
    const rule = policy.rules[place]
    return rule?.mask && maskFor(dutiesOf([rule]), zone) !== null
  })
  return (asks === undefined ? undefined : policy.rules[asks]?.id) ?? 'mask'
}

import {
  isOwnZone,
  zoneOf,
  type Destination,
  type ServedModel,
  type Zone,
} from '#kernel/destination.ts'
import { matchesGlob } from '#kernel/glob.ts'
import { classRank, type DataClass } from '#kernel/label.ts'
import type { Choice, Facts, Health, RefusedChoice, RefusedCode, Verdict } from '#kernel/verdict.ts'
import type { Catalogue, Policy, PolicyRule } from './document.ts'

/** Tokens an answer is assumed to have when two prices are compared. */
const ASSUMED_OUTPUT_TOKENS = 256

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
  const rules = policy.rules.filter((rule) => rule.match.classes.includes(facts.label.class))
  const allowed: (Choice & { place: number })[] = []
  const refused: RefusedChoice[] = []
  for (const [place, { destination, model }] of candidates(facts, catalogue).entries()) {
    const zone = zoneOf(destination, model)
    const no =
      objectionOfKey(facts, destination, model, zone) ??
      objection(facts, rules, stateOf(health, destination, model), destination, zone)
    if (no) refused.push({ destination: destination.id, model: model.name, ...no })
    else allowed.push({ destination, model, zone, place, ...figures(facts, model) })
  }
  allowed.sort(byPreference)
  const choices = allowed.map(({ place: _, ...choice }) => choice)
  return Object.freeze({
    label: facts.label,
    chosen: choices[0] ?? null,
    allowed: Object.freeze(choices),
    refused,
    duties: [],
    policyVersion: policy.version,
    catalogueVersion: catalogue.version,
  })
}

/** Whether a key that is limited to these models may ask for this one. `auto` it may: it then means the ones it may use. */
export function mayAskFor(
  requested: string,
  models: readonly string[],
  catalogue: Catalogue,
): boolean {
  if (requested === 'auto') return true
  const known = indexOf(catalogue).byName.get(requested)
  // a name that nobody knows is judged as it stands, so that a limited key cannot ask which models there are
  return known
    ? known.some(({ destination, model }) => isNamedBy(models, destination, model))
    : models.some((pattern) => matchesGlob(pattern, requested))
}

const isNamedBy = (
  patterns: readonly string[],
  destination: Destination,
  model: ServedModel,
): boolean => {
  const names = namesOf(destination, model)
  return patterns.some((pattern) => names.some((name) => matchesGlob(pattern, name)))
}

/** True when some destination knows this name; `auto` is always known. */
export const isKnownModel = (requested: string, catalogue: Catalogue): boolean =>
  requested === 'auto' || indexOf(catalogue).byName.has(requested)

interface Candidate {
  readonly destination: Destination
  readonly model: ServedModel
}

function candidates(facts: Facts, catalogue: Catalogue): readonly Candidate[] {
  const { all, byName } = indexOf(catalogue)
  return facts.requestedModel === 'auto'
    ? all.filter(({ model }) => (model.task ?? facts.task) === facts.task)
    : (byName.get(facts.requestedModel) ?? [])
}

/** Every candidate of a catalogue in its order, and those of each name that callers may use. */
interface Index {
  readonly all: readonly Candidate[]
  readonly byName: ReadonlyMap<string, readonly Candidate[]>
}

const indexes = new WeakMap<Catalogue, Index>()

/** The index of a catalogue, made once: a name is looked up, whatever the number of destinations. */
function indexOf(catalogue: Catalogue): Index {
  const known = indexes.get(catalogue)
  if (known) return known
  const all = catalogue.destinations.flatMap((destination) =>
    destination.models.map((model): Candidate => ({ destination, model })),
  )
  const byName = new Map<string, Candidate[]>()
  for (const candidate of all) {
    for (const name of new Set(namesOf(candidate.destination, candidate.model))) {
      const others = byName.get(name)
      if (others) others.push(candidate)
      else byName.set(name, [candidate])
    }
  }
  const index = { all, byName }
  indexes.set(catalogue, index)
  return index
}

function namesOf(destination: Destination, model: ServedModel): readonly string[] {
  const names = [model.name, ...(model.aliases ?? [])]
  return [...names, ...names.map((name) => `${destination.id}/${name}`)]
}

type Objection = { readonly code: RefusedCode; readonly rule: string }

/** What the caller's key has against a choice; it comes before the policy, and can only narrow it. */
function objectionOfKey(
  { limits, label }: Facts,
  destination: Destination,
  model: ServedModel,
  zone: Zone,
): Objection | null {
  if (!limits) return null
  if (limits.maxClass !== null && exceeds(label.class, limits.maxClass))
    return { code: 'class-above-key', rule: 'key' }
  if (limits.models && !isNamedBy(limits.models, destination, model))
    return { code: 'model-not-allowed-by-key', rule: 'key' }
  return limits.zones && !limits.zones.includes(zone)
    ? { code: 'zone-not-allowed-by-key', rule: 'key' }
    : null
}

/** The first objection, from the most lasting to the most passing, or null. */
function objection(
  facts: Facts,
  rules: readonly PolicyRule[],
  state: Health[string],
  destination: Destination,
  zone: Zone,
): Objection | null {
  const own = `destination:${destination.id}`
  if (destination.state === 'listed' || destination.state === 'disabled') {
    return { code: 'not-enabled', rule: own }
  }
  if (destination.state === 'discovered' && exceeds(facts.label.class, 'public')) {
    return { code: 'not-trusted', rule: own }
  }
  if (exceeds(facts.label.class, destination.clearance))
    return { code: 'clearance-too-low', rule: own }
  if (rules.length === 0 && zone !== 'device')
    return { code: 'class-not-mentioned', rule: 'default-deny' }
  for (const { id, allow } of rules) {
    if (!allow.zones.includes(zone)) return { code: 'zone-not-allowed', rule: id }
    const countries = allow.jurisdictions
    if (countries && !isOwnZone(zone) && !countries.includes(destination.jurisdiction)) {
      return { code: 'jurisdiction-not-allowed', rule: id }
    }
  }
  if (facts.zones && !facts.zones.includes(zone))
    return { code: 'zone-excluded-by-caller', rule: 'x-ecluse-zones' }
  return state === 'ready' ? null : { code: state, rule: own }
}

/** A model is as ready as the place it runs at, and no more. */
function stateOf(health: Health, { id }: Destination, { name }: ServedModel): Health[string] {
  const place = health[id] ?? 'ready'
  return place === 'ready' ? (health[`${id}/${name}`] ?? 'ready') : place
}

const exceeds = (dataClass: DataClass, limit: DataClass): boolean =>
  classRank(dataClass) > classRank(limit)

function figures(facts: Facts, model: ServedModel): Pick<Choice, 'costEuro' | 'tokensPerSecond'> {
  const { price } = model
  const costEuro = price
    ? (facts.inputTokensEstimate * price.input + ASSUMED_OUTPUT_TOKENS * price.output) / 1_000_000
    : null
  return { costEuro, tokensPerSecond: model.tokensPerSecond ?? null }
}

type Placed = Choice & { readonly place: number }

/** Enabled before merely discovered, cheaper first, then faster; an unknown figure comes last; then the order of the configuration. */
function byPreference(a: Placed, b: Placed): number {
  return (
    rankOfState(a) - rankOfState(b) ||
    compare(a.costEuro ?? Infinity, b.costEuro ?? Infinity) ||
    compare(-(a.tokensPerSecond ?? 0), -(b.tokensPerSecond ?? 0)) ||
    a.place - b.place
  )
}

const rankOfState = (choice: Choice): number => (choice.destination.state === 'enabled' ? 0 : 1)

/** Subtraction would turn two infinities into NaN. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

import { ZONES, type Zone } from '#kernel/destination.ts'
import { maskFor, type Duties } from '#kernel/duties.ts'
import { CLASSES, type DataClass } from '#kernel/label.ts'
import type { Facts, MaskedFacts } from '#kernel/verdict.ts'
import { isKnownModel } from './catalogue-index.ts'
import { decide } from './decide.ts'
import type { Catalogue, Policy } from './document.ts'
import { isNamed } from './names.ts'
import { planOf } from './plan.ts'
import type { PolicyRule } from './rule.ts'

/** Something that two rules, or a rule and the destinations, cannot both have. */
export type Contradiction =
  /** One speaks of all that the other speaks of, and together they leave nothing. */
  | { readonly code: 'rules-contradict'; readonly rule: string; readonly beside: string }
  /** What must be held for a person must not be kept. */
  | { readonly code: 'review-not-kept'; readonly rule: string; readonly beside: string }
  /** No host is on both lists: every link is a finding. */
  | { readonly code: 'hosts-disjoint'; readonly rule: string; readonly beside: string }
  /** No destination serves the model that judges. */
  | { readonly code: 'judge-unknown'; readonly rule: string; readonly model: string }
  /** The model that judges may not see these classes: their answers are never shown. */
  | {
      readonly code: 'judge-not-cleared'
      readonly rule: string
      readonly model: string
      readonly classes: readonly DataClass[]
    }
  /** The answers of these surfaces hold no text of a model. */
  | {
      readonly code: 'answers-without-text'
      readonly rule: string
      readonly surfaces: readonly string[]
    }
  /** However much of a request is masked, it does not reach these zones. */
  | { readonly code: 'mask-never-used'; readonly rule: string; readonly zones: readonly Zone[] }

/** Whether one rule speaks of every request that another one speaks of. */
export type IsWider = (wide: PolicyRule, rule: PolicyRule) => boolean

/** What no request of a rule can have. */
export function contradictions(
  policy: Policy,
  catalogue: Catalogue,
  isWider: IsWider,
): readonly Contradiction[] {
  return [
    ...apart(policy, catalogue, isWider),
    ...conflicts(policy, isWider),
    ...policy.rules.flatMap((rule) => unkept(rule, policy, catalogue)),
  ]
}

/** Pairs of rules that leave something each, and nothing together. */
function apart(policy: Policy, catalogue: Catalogue, isWider: IsWider): readonly Contradiction[] {
  const { left, index } = planOf(policy, catalogue)
  if (index.candidates.length === 0) return []
  const isEmpty = (bits: Uint32Array | undefined): boolean => !bits?.some((word) => word !== 0)
  return policy.rules.flatMap((rule, at): Contradiction[] => {
    const own = left[at]
    if (!own || isEmpty(own)) return []
    const other = policy.rules.findIndex((one, place) => {
      const theirs = left[place]
      if (place === at || !theirs || isEmpty(theirs) || !speaksOfAll(one, rule, isWider))
        return false
      // of two that speak of the same the second is told
      if (speaksOfAll(rule, one, isWider) && place > at) return false
      return own.every((word, i) => (word & (theirs[i] ?? 0)) === 0)
    })
    const beside = policy.rules[other]
    return beside ? [{ code: 'rules-contradict', rule: rule.id, beside: beside.id }] : []
  })
}

/** As `isWider`, also where the wide one names no classes: it speaks of them all the same. */
const speaksOfAll = (wide: PolicyRule, rule: PolicyRule, isWider: IsWider): boolean =>
  isWider(
    wide,
    wide.match.classes ? rule : { ...rule, match: { ...rule.match, classes: undefined } },
  )

function conflicts({ rules }: Policy, isWider: IsWider): readonly Contradiction[] {
  return rules.flatMap((rule): Contradiction[] => {
    const meets = (one: PolicyRule): boolean =>
      one === rule || speaksOfAll(one, rule, isWider) || speaksOfAll(rule, one, isWider)
    const found: Contradiction[] = []
    const keeper =
      mayHold(rule) && rules.find((one) => one.duties?.includes('no-store') && meets(one))
    if (keeper) found.push({ code: 'review-not-kept', rule: rule.id, beside: keeper.id })
    const hosts = rule.answers?.hosts
    const at = rules.indexOf(rule)
    const other =
      hosts && rules.slice(0, at).find((one) => areApart(hosts, one.answers?.hosts) && meets(one))
    if (other) found.push({ code: 'hosts-disjoint', rule: rule.id, beside: other.id })
    return found
  })
}

const mayHold = ({ duties, answers, opinion }: PolicyRule): boolean =>
  duties?.includes('review') === true ||
  Object.values(answers ?? {}).includes('review') ||
  opinion?.onNo === 'review' ||
  opinion?.onError === 'review'

const areApart = (hosts: readonly string[], others: readonly string[] | undefined): boolean =>
  others !== undefined &&
  !hosts.some((host) => others.some((other) => isBelow(host, other) || isBelow(other, host)))

const isBelow = (host: string, list: string): boolean =>
  host === list || (list.startsWith('*.') && host.endsWith(list.slice(1)))

/** Surfaces whose answers hold no text of a model. */
const WITHOUT_TEXT: readonly string[] = [
  'openai-embeddings',
  'openai-moderations',
  'rerank',
  'ollama-embed',
]

/** What a rule asks for that none of its requests can have. */
function unkept(rule: PolicyRule, policy: Policy, catalogue: Catalogue): readonly Contradiction[] {
  const { id, match, answers, opinion, duties } = rule
  const found: Contradiction[] = []
  const readsAnswers = answers ?? opinion ?? duties?.includes('review')
  const { surfaces } = match
  if (readsAnswers && surfaces?.every((name) => isNamed(name, WITHOUT_TEXT)))
    found.push({ code: 'answers-without-text', rule: id, surfaces })
  if (opinion && !isKnownModel(opinion.model, catalogue)) {
    found.push({ code: 'judge-unknown', rule: id, model: opinion.model })
  } else if (opinion && rule.when === undefined) {
    const classes = classesOf(rule).filter((one) => {
      const facts = factsFor(rule, one)
      const isAnswered = reached(facts, policy, catalogue).length > 0
      const asked = { ...facts, requestedModel: opinion.model, surface: 'openai-chat' }
      return isAnswered && reached(asked, policy, catalogue).length === 0
    })
    if (classes.length > 0)
      found.push({ code: 'judge-not-cleared', rule: id, model: opinion.model, classes })
  }
  if (rule.mask && rule.when === undefined && hasZone(rule, catalogue)) {
    const isUsed = classesOf(rule).some((one) =>
      reached(factsFor(rule, one), policy, catalogue).some(({ masked }) => masked !== undefined),
    )
    if (!isUsed) found.push({ code: 'mask-never-used', rule: id, zones: zonesOf(rule) })
  }
  return found
}

const classesOf = ({ match }: PolicyRule): readonly DataClass[] => match.classes ?? CLASSES

const zonesOf = ({ mask }: PolicyRule): readonly Zone[] => mask?.zones ?? ['managed', 'api']

const hasZone = (rule: PolicyRule, { destinations }: Catalogue): boolean =>
  destinations.some(({ zone, models }) =>
    models.some((model) => zonesOf(rule).includes(model.zone ?? zone)),
  )

/** Choices of a request, of which as much is masked as can be. */
function reached(facts: Facts, policy: Policy, catalogue: Catalogue) {
  const { duties } = decide(facts, policy, catalogue, {})
  return decide({ ...facts, masked: bestMasked(duties) }, policy, catalogue, {}).allowed
}

/** What a request is at best where it is masked: nothing is left of its label. */
export const bestMasked = (duties: Duties): readonly MaskedFacts[] =>
  ZONES.flatMap((zone) => {
    const duty = maskFor(duties, zone)
    const label = { class: CLASSES[0], categories: [], undetermined: false }
    return duty ? [{ zones: [zone], duty, label, findings: {} }] : []
  })

/** A request that a rule speaks of. */
function factsFor({ match }: PolicyRule, dataClass: DataClass): Facts {
  const first = (names: readonly string[] | undefined): string | undefined =>
    names?.[0]?.replace(/\*$/, '')
  const { categories, models, surfaces, keys, applications, teams, people, purposes } = match
  const [application, team] = [first(applications), first(teams)]
  const [person, purpose] = [first(people), first(purposes)]
  return {
    tenant: '',
    label: { class: dataClass, categories: categories?.slice(0, 1) ?? [], undetermined: false },
    requestedModel: first(models) ?? 'auto',
    task: 'chat',
    surface: first(surfaces) ?? 'openai-chat',
    caller: {
      key: first(keys) ?? '',
      ...(application === undefined ? {} : { application }),
      ...(team === undefined ? {} : { team }),
      ...(person === undefined ? {} : { person }),
      ...(purpose === undefined ? {} : { purpose }),
    },
    inputTokensEstimate: 1,
  }
}

import { isOwnZone, zoneOf, type Destination, type Zone } from '#kernel/destination.ts'
import { CLASSES, type DataClass } from '#kernel/label.ts'
import type { Facts } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import type { Catalogue, Policy } from './document.ts'
import { isNamed } from './names.ts'
import { planOf } from './plan.ts'
import { bestMasked, contradictions, type Contradiction } from './review-duties.ts'
import { asksOnTheWay } from './rule-duties.ts'
import type { PolicyRule, RuleMatch } from './rule.ts'

/** Something about a policy that its author should know; nothing of it is an error of shape. */
export type Remark =
  | Contradiction
  /** No enabled destination may see a class, whoever asks. */
  | { readonly code: 'class-goes-nowhere'; readonly class: DataClass }
  /** Names in a rule that nothing in the catalogue bears. */
  | {
      readonly code: 'unknown-name'
      readonly rule: string
      readonly field: 'destinations' | 'models'
      readonly name: string
    }
  /** The rule leaves no candidate of the catalogue: whatever it speaks of goes nowhere. */
  | { readonly code: 'leaves-nothing'; readonly rule: string }
  /** Another rule speaks of all that this one speaks of, and leaves no more. */
  | { readonly code: 'changes-nothing'; readonly rule: string; readonly beside: string }
  /** The rule masks what goes to zones in which the catalogue has nothing. */
  | { readonly code: 'masks-nowhere'; readonly rule: string; readonly zones: readonly Zone[] }
  /** What a class may reach outside the configured jurisdictions. */
  | {
      readonly code: 'crosses-border'
      readonly class: DataClass
      readonly destination: string
      readonly jurisdiction: string
      readonly zone: Zone
    }

/** Remarks that a careful company would not leave standing; the others only inform. */
export const WARNINGS: readonly Remark['code'][] = [
  'class-goes-nowhere',
  'unknown-name',
  'leaves-nothing',
  'changes-nothing',
  'masks-nowhere',
  'rules-contradict',
  'review-not-kept',
  'hosts-disjoint',
  'judge-unknown',
  'judge-not-cleared',
  'answers-without-text',
  'mask-never-used',
]

/** Looks a policy over against a catalogue, as a caller of no team would meet it. */
export function reviewPolicy(
  policy: Policy,
  catalogue: Catalogue,
  jurisdictions: readonly string[],
): readonly Remark[] {
  return [
    ...unknownNames(policy, catalogue),
    ...idleRules(policy, catalogue),
    ...idleMasks(policy, catalogue),
    ...contradictions(policy, catalogue, isWider),
    ...CLASSES.flatMap((dataClass) => reachOf(dataClass, policy, catalogue, jurisdictions)),
  ]
}

function unknownNames({ rules }: Policy, { destinations }: Catalogue): Remark[] {
  const ids = destinations.map(({ id }) => id)
  const models = destinations.flatMap((one) => one.models.map(({ name }) => name))
  const remarks: Remark[] = []
  for (const { id: rule, allow, deny } of rules) {
    for (const part of [allow, deny]) {
      for (const [field, known] of [
        ['destinations', ids],
        ['models', models],
      ] as const) {
        for (const name of part?.[field] ?? []) {
          if (!known.some((one) => isNamed(one, [name])))
            remarks.push({ code: 'unknown-name', rule, field, name })
        }
      }
    }
  }
  return remarks
}

function idleMasks({ rules }: Policy, { destinations }: Catalogue): Remark[] {
  const zones = new Set(
    destinations.flatMap((one) => one.models.map((model) => zoneOf(one, model))),
  )
  return rules.flatMap(({ id, mask }): Remark[] => {
    const masked = mask && (mask.zones ?? (['managed', 'api'] as const))
    return masked && !masked.some((zone) => zones.has(zone))
      ? [{ code: 'masks-nowhere', rule: id, zones: masked }]
      : []
  })
}

function idleRules(policy: Policy, catalogue: Catalogue): Remark[] {
  const { left, index } = planOf(policy, catalogue)
  if (index.candidates.length === 0) return []
  return policy.rules.flatMap((rule, place): Remark[] => {
    const leaves = left[place]
    if (!leaves) return []
    const asks = asksOnTheWay(rule)
    // an empty list of zones says so on purpose
    if (leaves.every((word) => word === 0) && rule.allow?.zones?.length !== 0)
      return [{ code: 'leaves-nothing', rule: rule.id }]
    // what it asks for on the way is a change, wherever a request may go
    if (asks) return []
    const other = policy.rules.findIndex((one, at) => {
      const leavesToo = left[at]
      if (at === place || !leavesToo || !isWider(one, rule)) return false
      const isTwin = isWider(rule, one)
      const addsNothing = leavesToo.every((word, i) => (word & ~(leaves[i] ?? 0)) === 0)
      const isTighter = leavesToo.some((word, i) => word !== leaves[i])
      // of two that say the same the second is idle
      return addsNothing && (isTighter || !isTwin || at < place)
    })
    const beside = policy.rules[other]
    return beside ? [{ code: 'changes-nothing', rule: rule.id, beside: beside.id }] : []
  })
}

const FIELDS = [
  'classes',
  'categories',
  'models',
  'tasks',
  'surfaces',
  'keys',
  'applications',
  'teams',
  'people',
  'purposes',
] as const satisfies readonly (keyof RuleMatch)[]

/** Whether `wide` speaks of every request that `rule` speaks of, as far as their words tell. */
function isWider(wide: PolicyRule, rule: PolicyRule): boolean {
  if (wide.when !== undefined && wide.when !== rule.when) return false
  // a rule that opens a class for the outside is not idle beside one that does not
  if (rule.match.classes && !wide.match.classes) return false
  return FIELDS.every((field) => {
    const [all, some] = [wide.match[field], rule.match[field]]
    if (all === undefined) return true
    return some !== undefined && some.every((name) => isNamed(name, all))
  })
}

function reachOf(
  dataClass: DataClass,
  policy: Policy,
  catalogue: Catalogue,
  jurisdictions: readonly string[],
): Remark[] {
  const reached = anyTask(dataClass, policy, catalogue)
  if (reached.length === 0) {
    return catalogue.destinations.some(({ state }) => state === 'enabled')
      ? [{ code: 'class-goes-nowhere', class: dataClass }]
      : []
  }
  return reached.flatMap((destination): Remark[] => {
    const zones = new Set(destination.models.map((model) => zoneOf(destination, model)))
    const [outside] = [...zones].filter((zone) => !isOwnZone(zone))
    const { id, jurisdiction } = destination
    if (outside === undefined || jurisdictions.includes(jurisdiction)) return []
    return [
      { code: 'crosses-border', class: dataClass, destination: id, jurisdiction, zone: outside },
    ]
  })
}

/** Destinations that some request of a class may reach. */
function anyTask(dataClass: DataClass, policy: Policy, catalogue: Catalogue): Destination[] {
  const found = new Set<Destination>()
  for (const task of ['chat', 'embeddings', 'rerank', 'moderations'] as const) {
    const facts: Facts = {
      tenant: '',
      label: { class: dataClass, categories: [], undetermined: false },
      requestedModel: 'auto',
      task,
      inputTokensEstimate: 1,
    }
    const { duties } = decide(facts, policy, catalogue, {})
    const masked = bestMasked(duties)
    for (const { destination } of decide({ ...facts, masked }, policy, catalogue, {}).allowed)
      found.add(destination)
  }
  return [...found]
}

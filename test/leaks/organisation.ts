import { DIALECTS, ZONES, type Destination, type Zone } from '#kernel/destination.ts'
import { NO_RESTRICTIONS, plainCaller, type Caller } from '#kernel/exchange.ts'
import { OPINION_ACTIONS } from '#kernel/duties.ts'
import { CLASSES, type Category, type DataClass } from '#kernel/label.ts'
import { catalogueOf, policyOf, type Catalogue, type Policy } from '#policy/document.ts'
import type { StagedPolicy } from '#policy/in-force.ts'
import type { PolicyRule, RuleAnswers } from '#policy/rule.ts'
import { ANSWER_ACTIONS, ANSWER_KINDS } from '#kernel/duties.ts'
import type { CacheSettings } from '#caches/settings.ts'
import type { ContentSettings } from '#config/types.ts'
import type { Dice } from './dice.ts'

/** A company that was made up: where its models run, what its policy says, and who asks. */
export interface Organisation {
  readonly catalogue: Catalogue
  readonly policy: Policy
  readonly callers: readonly Caller[]
  readonly cache: CacheSettings
  readonly content: ContentSettings
  /** Decides some of the requests. */
  readonly staged: StagedPolicy | null
  /** Is asked beside, and never obeyed. */
  readonly shadow: Policy | null
}

export const TEAMS = ['red', 'blue', 'green'] as const
const CATEGORIES: readonly Category[] = ['personal', 'credentials', 'finance', 'health']
const COUNTRIES = ['FR', 'DE', 'US'] as const

export function makeOrganisation(dice: Dice): Organisation {
  const destinations = Array.from({ length: 4 + dice.below(5) }, (_, at) => place(dice, at))
  const policy = makePolicy(dice, destinations)
  const { floor } = policy
  const other = (): Policy => policyOf({ ...makePolicy(dice, destinations), floor })
  return {
    catalogue: catalogueOf([...destinations, embedder(dice)]),
    policy,
    staged: dice.chance(0.2)
      ? { policy: other(), share: 1 + dice.below(99), by: dice.one(['key', 'team']) }
      : null,
    shadow: dice.chance(0.2) ? other() : null,
    callers: Array.from({ length: 8 }, (_, at) => caller(dice, at)),
    cache: {
      exact: dice.chance(0.7),
      semantic: dice.chance(0.5) ? { model: 'vectors', threshold: 0.9, compared: 50 } : null,
      ttlMs: 3_600_000,
      bytes: dice.one([20_000, 1_000_000]),
      entryBytes: 65_536,
      upTo: dice.one(CLASSES),
      store: dice.one(['memory', 'database']),
      per: dice.one(['application', 'key']),
      singleFlight: dice.chance(0.5),
    },
    content: {
      keep: dice.one(['nothing', 'requests']),
      per: dice.one(['key', 'subject']),
      upTo: dice.one(CLASSES),
      keepMs: 86_400_000,
    },
  }
}

/** The same company after somebody has changed a file: another policy, or a place that is gone or may see less. */
export function changed(dice: Dice, before: Organisation): Organisation {
  const { destinations } = before.catalogue
  if (dice.chance(0.5)) {
    const { floor } = before.policy
    return { ...before, policy: policyOf({ ...makePolicy(dice, destinations), floor }) }
  }
  const gone = dice.one(destinations)
  const others = destinations.filter((one) => one !== gone)
  const lowered: Destination = { ...gone, clearance: 'public' }
  return { ...before, catalogue: catalogueOf(dice.chance(0.5) ? others : [...others, lowered]) }
}

function place(dice: Dice, at: number): Destination {
  const zone: Zone = dice.one(ZONES)
  const id = `place-${at}`
  const own = zone === 'device' || zone === 'on-prem'
  return {
    id,
    dialect: dice.chance(0.6) ? 'openai' : dice.one(DIALECTS),
    address: { kind: 'url', baseUrl: `https://${id}.test/v1` },
    zone,
    jurisdiction: own ? 'local' : dice.one(COUNTRIES),
    clearance: dice.one(own ? CLASSES.slice(1) : CLASSES),
    ...(dice.chance(0.3) ? { withheld: dice.some(CATEGORIES, 0.3) } : {}),
    ...(dice.chance(0.2) ? { apis: ['responses'] as const } : {}),
    state: dice.chance(0.85) ? 'enabled' : dice.one(['discovered', 'disabled', 'listed'] as const),
    origin: 'config',
    models: [
      { name: 'm', upstream: `${id}-m`, aliases: ['general'] },
      ...(dice.chance(0.3) ? [{ name: `m${at}`, upstream: `${id}-x`, zone: dice.one(ZONES) }] : []),
    ],
  }
}

/** A model of vectors: at home, or not, whatever the cache of meanings is told. */
const embedder = (dice: Dice): Destination => ({
  id: 'embedder',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: 'https://embedder.test/v1' },
  zone: dice.chance(0.6) ? 'device' : dice.one(ZONES),
  jurisdiction: 'FR',
  clearance: dice.one(CLASSES),
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'vectors', upstream: 'vectors', task: 'embeddings' }],
})

function makePolicy(dice: Dice, destinations: readonly Destination[]): Policy {
  const ids = destinations.map(({ id }) => id)
  // every class is spoken of as often as not; the farther, the less
  const standing = CLASSES.filter(() => dice.chance(0.93)).map((one): PolicyRule => {
    const zones = ZONES.filter(() => dice.chance(0.8))
    return { id: `standing-${one}`, match: { classes: [one] }, allow: { zones } }
  })
  const others = Array.from({ length: dice.below(5) }, (_, at) => rule(dice, at, ids))
  return policyOf({
    floor: dice.one(['public', 'public', 'internal']),
    rules: [...standing, ...others],
  })
}

function rule(dice: Dice, at: number, ids: readonly string[]): PolicyRule {
  const match = {
    ...(dice.chance(0.5) ? { classes: atLeastOne<DataClass>(dice, CLASSES) } : {}),
    ...(dice.chance(0.4) ? { categories: atLeastOne(dice, CATEGORIES) } : {}),
    ...(dice.chance(0.3) ? { teams: atLeastOne(dice, TEAMS) } : {}),
    ...(dice.chance(0.2) ? { surfaces: ['openai-chat', 'anthropic-messages'] } : {}),
  }
  const id = `rule-${at}`
  switch (dice.below(10)) {
    case 7:
    case 8:
    case 9:
      return { id, match, answers: answersRule(dice) }
    case 4:
    case 5:
      return {
        id,
        match,
        mask: {
          categories: atLeastOne(dice, CATEGORIES),
          zones: atLeastOne(dice, ZONES),
          style: dice.one(['placeholder', 'fake']),
        },
      }
    case 6:
      return {
        id,
        match,
        opinion: {
          model: dice.one(['m', 'general', dice.one(ids)]),
          onNo: dice.one(OPINION_ACTIONS),
          onError: 'review',
        },
      }
    case 0:
      return { id, match, allow: { destinations: atLeastOne(dice, ids) } }
    case 1:
      return { id, match, allow: { jurisdictions: atLeastOne(dice, COUNTRIES) } }
    case 2:
      return { id, match, deny: { zones: atLeastOne(dice, ZONES) } }
    default:
      return {
        id,
        match,
        duties: atLeastOne(dice, ['no-store', 'no-cache', 'disclose', 'review', 'review'] as const),
      }
  }
}

function answersRule(dice: Dice): RuleAnswers {
  const kinds = atLeastOne(dice, ANSWER_KINDS)
  const actions = kinds.map((kind) => [kind, dice.one([...ANSWER_ACTIONS, 'review'])])
  const hosts = dice.chance(0.2) ? { hosts: ['*.example.org'] } : {}
  return { ...(Object.fromEntries(actions) as RuleAnswers), ...hosts }
}

function atLeastOne<T>(dice: Dice, list: readonly T[]): T[] {
  const some = dice.some(list, 0.4)
  return some.length > 0 ? [...some] : [dice.one(list)]
}

function caller(dice: Dice, at: number): Caller {
  const tenant = dice.chance(0.8) ? 'default' : dice.one(['guest', 'partner'])
  const limited = dice.chance(0.3)
  return {
    ...plainCaller(tenant, `key-${at}`, `caller ${at}`),
    team: dice.chance(0.7) ? dice.one(TEAMS) : null,
    application: dice.chance(0.6) ? dice.one(['chat', 'mail']) : null,
    person: dice.chance(0.5) ? `person-${dice.below(3)}` : null,
    restrictions: {
      ...NO_RESTRICTIONS,
      ...(limited ? { maxClass: dice.one(CLASSES) } : {}),
      ...(limited && dice.chance(0.5) ? { zones: dice.some(ZONES, 0.6) } : {}),
    },
  }
}

// Processor time of one decision: 1,000 rules (one in a hundred with a condition), 200 destinations.
import { CLASSES } from '#kernel/label.ts'
import { ZONES, type Destination } from '#kernel/destination.ts'
import type { Facts } from '#kernel/verdict.ts'
import { decide } from '#policy/decide.ts'
import { catalogueOf, policyOf } from '#policy/document.ts'
import type { PolicyRule } from '#policy/rule.ts'

const RULES = 1_000
const DESTINATIONS = 200
const DECISIONS = 20_000
const ROUNDS = 7

/** The usual three, and the rest for teams, applications and purposes of their own: few speak of one request. */
const rules: readonly PolicyRule[] = [
  {
    id: 'home',
    match: { classes: ['restricted', 'confidential'] },
    allow: { zones: ['device', 'on-prem'] },
  },
  {
    id: 'near',
    match: { classes: ['internal'] },
    allow: { zones: ['device', 'on-prem', 'managed'] },
  },
  { id: 'all', match: { classes: ['public'] }, allow: { zones: ZONES } },
  ...Array.from({ length: RULES - 3 }, (_, i): PolicyRule => ({
    id: `rule-${i}`,
    match:
      i % 3 === 0
        ? { teams: [`team-${i % 50}`], categories: i % 2 === 0 ? ['hr'] : ['finance'] }
        : i % 3 === 1
          ? { applications: [`app-${i % 80}`], classes: [CLASSES[i % 4] ?? 'public'] }
          : { purposes: [`purpose-${i % 60}`], models: [`model-${i % 20}`] },
    ...(i % 100 === 0 ? { when: 'request.tokens > 1000 && caller.team != "team-1"' } : {}),
    allow:
      i % 2 === 0
        ? { zones: ['device', 'on-prem', 'managed'], jurisdictions: ['FR', 'DE'] }
        : { openness: (i % 3) + 1 },
  })),
]
const destinations = Array.from({ length: DESTINATIONS }, (_, i): Destination => ({
  id: `destination-${i}`,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://d${i}.test/v1` },
  zone: ZONES[i % 4] ?? 'api',
  jurisdiction: ['FR', 'DE', 'US'][i % 3] ?? 'US',
  clearance: CLASSES[i % 4] ?? 'public',
  state: 'enabled',
  origin: 'config',
  models: [
    {
      name: `model-${i % 20}`,
      upstream: 'm',
      openness: (i % 6) + 1,
      price: { input: i % 7, output: i % 11 },
    },
  ],
}))
const policy = policyOf({ floor: 'public', rules })
/** Ordered anew for each request: by what was measured, weighed against cost. */
const moving = policyOf({
  floor: 'public',
  rules,
  prefer: { 'first-token': 2, cost: 1, sticky: 1 },
})
const measured = Object.fromEntries(
  destinations.map(({ id, models }, i) => [
    `${id}/${models[0]?.name ?? ''}`,
    { firstByteMs: (i * 71) % 900, tokensPerSecond: i },
  ]),
)
const catalogue = catalogueOf(destinations)
const requests = Array.from({ length: 500 }, (_, i): Facts => ({
  tenant: 'default',
  label: {
    class: CLASSES[i % 4] ?? 'public',
    categories: i % 5 === 0 ? ['hr', 'personal'] : [],
    undetermined: false,
  },
  requestedModel: i % 2 === 0 ? 'auto' : `model-${i % 20}`,
  task: 'chat',
  surface: 'openai-chat',
  caller: {
    key: `key-${i}`,
    team: `team-${i % 50}`,
    application: `app-${i % 80}`,
    purpose: `purpose-${i % 60}`,
  },
  findings: { PERSON: i % 4 },
  inputTokensEstimate: (i * 37) % 9000,
}))

function microsOf(use: (facts: Facts) => unknown): number {
  let best = Infinity
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage()
    for (let i = 0; i < DECISIONS; i += 1) {
      const facts = requests[i % requests.length]
      if (facts) use(facts)
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / DECISIONS)
  }
  return best
}

const health = { 'destination-3': 'down' } as const
const rows = {
  'decide, the choice and its alternatives': (facts: Facts) =>
    decide(facts, policy, catalogue, health).allowed.length,
  'the same, ordered by what was measured of late': (facts: Facts) =>
    decide({ ...facts, measured, maxLatencyMs: 800 }, moving, catalogue, health).allowed.length,
  'and every refusal with its reason': (facts: Facts) =>
    decide(facts, policy, catalogue, health).refused.length,
}
console.log(
  `${RULES} rules, ${DESTINATIONS} destinations, best of ${ROUNDS} rounds of ${DECISIONS}`,
)
for (const [name, use] of Object.entries(rows))
  console.log(`${name}: ${microsOf(use).toFixed(1)} us`)

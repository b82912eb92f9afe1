import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { canonicalJson } from '#kernel/canonical-json.ts'
import type { DecisionEvent, OutcomeEvent, StoredRecord } from '../event.ts'
import { hex } from '../hash.ts'
import { countingIds, sampleDecision, sampleOutcome } from '../samples.ts'
import { verifyLedger } from '../verify.ts'
import { signerOf } from './signing.ts'
import { FlowCount, statementText, type Question } from './statement.ts'

const NOW = 1_700_000_000_000
const question: Question = {
  tenant: 'default',
  category: 'health',
  class: null,
  since: NOW - 1000,
  until: NOW + 1000,
  inside: ['device', 'on-prem'],
}
const CATALOGUE = canonicalJson([
  { id: 'far', zone: 'managed', models: [{ name: 'm', zone: 'api' }, { name: 'n' }] },
  { id: 'home', zone: 'on-prem', models: [] },
])
const VERSION = createHash('sha256').update(CATALOGUE).digest('hex').slice(0, 16)
const ids = countingIds(() => NOW)

const stored = (id: string, event: DecisionEvent | OutcomeEvent): StoredRecord => ({
  id,
  tenant: 'default',
  writer: 'w',
  seq: 1,
  at: NOW,
  type: event.type,
  leaf: new Uint8Array(32),
  salt: new Uint8Array(16),
  payload: canonicalJson(JSON.parse(JSON.stringify(event))),
})

interface Request {
  readonly decision?: Partial<DecisionEvent>
  /** Null: none was recorded. */
  readonly outcome?: Partial<OutcomeEvent> | null
  readonly id?: string
}

async function counted(requests: readonly Request[], catalogue: string | null = CATALOGUE) {
  const count = new FlowCount(question, async () => catalogue)
  for (const { decision = {}, outcome = {}, id = ids() } of requests) {
    const base = { categories: ['health'], class: 'restricted', catalogue: VERSION } as const
    const decided = sampleDecision({ ...base, destination: 'home', zone: 'on-prem', ...decision })
    await count.add(stored(id, decided))
    if (outcome === null) continue
    const at = { destination: decided.destination, status: 'answered', ...outcome } as const
    await count.add(stored(id, sampleOutcome(id, at)))
  }
  await count.end(async () => [])
  return count
}

const reaches = async (request: Request, catalogue?: string | null) =>
  (await counted([request], catalogue)).answer()

const OUT = { destination: 'cloud', zone: 'managed' } as const
const MASK = {
  zones: ['managed'],
  types: ['PERSON'],
  of: [],
  class: 'public',
  categories: [],
  undetermined: false,
  findings: {},
} as const

test('a request counts by the farthest place that its content went to', async () => {
  assert.equal((await reaches({})).inside, 1)
  assert.equal((await reaches({ decision: OUT })).outside, 1)
  assert.equal((await reaches({ outcome: { sentTo: ['home', 'far'] } })).outside, 1)
  const refused = { decision: { destination: null, zone: null }, outcome: { status: 'refused' } }
  assert.equal((await reaches(refused as Request)).refused, 1)
  const cached = { ...OUT, destination: 'cloud' } as const
  assert.equal(
    (await reaches({ decision: cached, outcome: { destination: null, cached: 3 } })).fromCache,
    1,
  )
})

test('what left masked counts apart only while the mask took the label away', async () => {
  assert.equal((await reaches({ decision: { ...OUT, masked: [MASK] } })).outsideMasked, 1)
  const still = { ...MASK, categories: ['health'] } as const
  assert.equal((await reaches({ decision: { ...OUT, masked: [still] } })).outside, 1)
  const elsewhere = { ...MASK, zones: ['api'] } as const
  assert.equal((await reaches({ decision: { ...OUT, masked: [elsewhere] } })).outside, 1)
  const unread = { ...MASK, undetermined: true } as const
  assert.equal((await reaches({ decision: { ...OUT, masked: [unread] } })).outside, 1)
})

test('what is not known counts as the worst: an outcome, a catalogue, a text', async () => {
  const lost = await reaches({ decision: OUT, outcome: null })
  assert.deepEqual([lost.outside, lost.withoutOutcome], [1, 1])
  const elsewhere = { outcome: { sentTo: ['home2'] } }
  assert.equal((await reaches(elsewhere)).outside, 1)
  const altered = CATALOGUE.replace('managed', 'on-prem')
  assert.equal((await reaches({ outcome: { sentTo: ['home', 'home'] } })).inside, 1)
  assert.equal((await reaches({ outcome: { sentTo: ['far'] } }, altered)).outside, 1)
  assert.equal((await reaches({ outcome: { sentTo: ['far'] } }, null)).outside, 1)
  const unread = await reaches({ decision: { ...OUT, categories: [], undetermined: true } })
  assert.deepEqual([unread.outside, unread.undetermined], [1, 1])
})

test('other labels, other times and other tenants are not counted', async () => {
  const early = countingIds(() => NOW - 2000)()
  const count = await counted([
    { decision: { ...OUT, categories: ['finance'] } },
    { decision: OUT, id: early },
    { decision: OUT },
  ])
  assert.equal(count.answer().requests, 1)
  await count.add({ ...stored(ids(), sampleDecision({ categories: ['health'] })), tenant: 'other' })
  await count.end(async () => [])
  assert.equal(count.answer().requests, 1)
})

test('without an organisation the requests of all of them are counted', async () => {
  const count = new FlowCount({ ...question, tenant: null }, async () => CATALOGUE)
  const asked = sampleDecision({ categories: ['health'], ...OUT })
  await count.add({ ...stored(ids(), asked), tenant: 'other' })
  await count.add(stored(ids(), asked))
  await count.end(async () => [])
  assert.equal(count.answer().outside, 2)
})

test('an outcome that another chain holds is found by its id', async () => {
  const count = new FlowCount(question, async () => CATALOGUE)
  const id = ids()
  await count.add(stored(id, sampleDecision({ categories: ['health'], ...OUT })))
  await count.end(async (asked) => [
    stored(asked, sampleOutcome(asked, { destination: null, status: 'refused' })),
  ])
  assert.deepEqual([count.answer().refused, count.answer().withoutOutcome], [1, 0])
})

test('a signed statement is checked without the program, and any change of it is seen', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-statement-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const signer = signerOf(new Uint8Array(32).fill(7))
  const report = await verifyLedger({ heads: async () => [], async *walk() {} })
  const count = await counted([{ decision: OUT }])
  const text = statementText(question, count, { report, at: NOW, key: hex(signer.key) })
  const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'verify-statement.mjs')
  const check = (statement: string, ...more: readonly string[]): number | null => {
    const file = join(folder, 'statement.json')
    writeFileSync(file, JSON.stringify({ statement, signature: hex(signer.sign(text)) }))
    return spawnSync(process.execPath, [script, file, ...more]).status
  }
  assert.equal(check(text), 0)
  assert.equal(check(text, '--key', hex(signer.key)), 0)
  assert.equal(check(text, '--key', '00'.repeat(32)), 1)
  assert.equal(check(text.replace('"outside":1', '"outside":0')), 1)
})

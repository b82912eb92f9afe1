import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { HouseEvent } from '#ledger/event.ts'
import { keep } from '#models/vulnerabilities/kept.ts'
import { sampleDestination } from '#models/stack/stack.fixture.ts'
import { policyOf } from '#policy/document.ts'
import { onlyPolicy } from '#policy/in-force.ts'
import { watchEngines, type EngineWatchParts } from './engine-watch.ts'

const policies = onlyPolicy(
  policyOf({
    floor: 'public',
    rules: [{ id: 'no-holes', match: { classes: ['public'] }, allow: { maxCvss: 8.9 } }],
    prefer: [],
  }),
)

/** A watch of one server with a known hole, whose ledger takes what `record` says. */
function watchOf(t: TestContext, record: EngineWatchParts['record']) {
  const folder = mkdtempSync(join(tmpdir(), 'ecl-watch-'))
  const version = { value: '0.14.0' }
  const logged: string[] = []
  const watch = watchEngines({
    folder,
    destinations: () => [sampleDestination()],
    policies: () => policies,
    ask: () => Promise.resolve({ product: 'vllm', version: version.value }),
    bundled: () => null,
    record,
    changed: () => Promise.resolve(),
    log: (_level, { code }) => void logged.push(String(code)),
  })
  t.after(async () => {
    await watch.close()
    rmSync(folder, { recursive: true })
  })
  return { watch, folder, version, logged }
}

const told = (event: HouseEvent): string =>
  event.type === 'model-admission'
    ? event.decision
    : event.type === 'admin'
      ? `${event.action} ${event.subject}`
      : event.type

test('whoever asks is answered once what changed is in the ledger', async (t) => {
  const writing = Promise.withResolvers<boolean>()
  const asked = Promise.withResolvers<undefined>()
  const { watch } = watchOf(t, () => {
    asked.resolve(undefined)
    return writing.promise
  })
  let isAnswered = false
  const answer = watch.look().then(() => (isAnswered = true))
  await asked.promise
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isAnswered, false)
  writing.resolve(true)
  assert.equal(await answer, true)
})

test('what could not be recorded is told at the next look, and an import counts only then', async (t) => {
  let isFull = true
  const events: string[] = []
  const { watch, folder, version, logged } = watchOf(t, async (event) => {
    if (!isFull) events.push(told(event))
    return !isFull
  })
  await watch.look()
  assert.deepEqual([events, logged.includes('engine-watch-unrecorded')], [[], true])
  isFull = false
  await watch.look()
  assert.deepEqual(events, ['withdrawn'])

  isFull = true
  const [first] = (await watch.look()).engines[0]?.findings.filter(({ counts }) => counts) ?? []
  assert.ok(first)
  const statement = {
    schema: 'ecluse-vex/1' as const,
    vulnerabilities: [first.id],
    product: 'vllm',
    version: '0.14.0',
    state: 'not_affected' as const,
    justification: 'inline_mitigations_already_exist' as const,
    statement: null,
    author: 'security',
    timestamp: '2026-11-22T00:00:00Z',
    source: 'local',
  }
  await keep(folder, { records: [], statements: [statement] })
  const counts = async (): Promise<boolean | undefined> =>
    (await watch.look()).engines[0]?.findings.find(({ id }) => id === first.id)?.counts
  assert.equal(await counts(), true)
  isFull = false
  assert.equal(await counts(), false)
  version.value = '0.33.0'
  await watch.look()
  assert.deepEqual(events, [
    'withdrawn',
    'vulnerabilities-imported records:0 statements:1',
    'admitted',
  ])
})

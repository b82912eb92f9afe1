import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LedgerEvent } from '../src/ledger/event.ts'
import { readEvent } from '../src/ledger/read-event.ts'
import { gguf, textValue } from '../src/models/gguf/gguf.fixture.ts'
import { openStore } from '../src/store/sqlite/open.ts'
import { cloudConfig, testGateway, testHome } from './support/gateway.ts'
import { reloadableGateway } from './support/reloadable.ts'
import { signInSetting } from './support/sign-in.ts'
import { startUpstream } from './support/upstream.ts'

/** The events of a data directory that no gateway holds any more, oldest first, of these types. */
async function eventsIn<Type extends LedgerEvent['type']>(
  home: string,
  ...types: readonly Type[]
): Promise<Extract<LedgerEvent, { type: Type }>[]> {
  const opened = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  const events: LedgerEvent[] = []
  for await (const { record } of opened.value.ledger.walk('gateway', 1)) {
    const event = readEvent(record?.payload ?? null)
    // no credential of the configuration, whatever the event
    assert.doesNotMatch(record?.payload ?? '', /test-cloud-key/)
    if (event) events.push(event)
  }
  await opened.value.close()
  const isOf = (event: LedgerEvent): event is Extract<LedgerEvent, { type: Type }> =>
    types.some((type) => type === event.type)
  return events.filter(isOf)
}

test('every version that decides is told before it does: at the start, by a reload, and by what was changed in between', async (t) => {
  const upstream = await startUpstream(t)
  const yaml = cloudConfig(upstream.url)
  const gateway = await reloadableGateway(t, yaml)
  gateway.write(
    `${yaml}floor: internal\nclasses: {rows: [{types: [EMAIL_ADDRESS], class: confidential, categories: [personal]}]}\n`,
  )
  assert.equal((await gateway.reload()).body.outcome, 'applied')
  const list = await fetch(`${gateway.url}/api/terms/lists/names`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ class: 'restricted' }),
  })
  assert.ok(list.ok, await list.text())
  await gateway.stop()
  const told = await eventsIn(gateway.home, 'policy-version', 'configuration', 'admin')
  const line = (event: (typeof told)[number]): string =>
    event.type === 'policy-version'
      ? `${event.document} ${event.previous === null ? 'first' : 'next'} ${event.actor === 'system' ? 'system' : 'key'}`
      : event.type === 'configuration'
        ? `configuration ${event.previous === null ? 'first' : event.sections.join(' ')}`
        : event.action
  assert.deepEqual(told.map(line), [
    'policy first system',
    'catalogue first system',
    'classes first system',
    'configuration first',
    'own-terms first system',
    'config-reloaded',
    'policy next key',
    'classes next key',
    'configuration floor classes',
    'own-terms-put-list',
    'own-terms next key',
  ])
  const policies = told.flatMap((event) => (event.type === 'policy-version' ? [event] : []))
  for (const { document, version, digest } of policies) {
    if (document === 'own-terms') continue
    // policies and catalogues are named by the beginning of their digest
    if (document !== 'classes') assert.ok(digest?.startsWith(version))
    assert.match(digest ?? '', /^[0-9a-f]{64}$/)
  }
  assert.deepEqual(
    policies.flatMap(({ document, author, reason }) =>
      document === 'policy' ? [[author, reason]] : [],
    ),
    [
      ['file', 'start'],
      ['file', 'reload'],
    ],
  )
  // the file is another one when the gateway comes back, and nothing is told twice
  const count = told.length
  const again = await testGateway(t, `${yaml}floor: internal\n`, gateway.home)
  await again.stop()
  const after = (await eventsIn(gateway.home, 'policy-version', 'configuration')).slice(-2)
  assert.deepEqual(after.map(line), ['classes next system', 'configuration classes'])
  const once = await testGateway(t, `${yaml}floor: internal\n`, gateway.home)
  await once.stop()
  const all = await eventsIn(gateway.home, 'policy-version', 'configuration', 'admin')
  assert.equal(all.length, count + 2)
})

test('who is turned away at the sign-in is evidence, one by one or counted', async (t) => {
  const { url, gateway } = await signInSetting(t)
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { 'content-type': 'application/json', origin: url }
    return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
      .status
  }
  const random = 'r'.repeat(43)
  for (let i = 0; i < 3; i += 1) {
    const asked = { code: random, verifier: random, name: 'laptop' }
    assert.equal(await post('/api/sign-in/token', asked), 400)
  }
  const callback = `${url}/api/sign-in/callback/company?state=${random}&code=${random}`
  assert.equal((await fetch(callback, { redirect: 'manual' })).status, 400)
  assert.equal(await post('/api/session', { key: `ecl_${random}` }), 401)
  await gateway.stop()
  const events = await eventsIn(gateway.home, 'refusal', 'sign-in')
  const lines = events.map((event) =>
    event.type === 'refusal'
      ? `${event.surface} ${event.code} ${event.count}`
      : `${event.method} ${event.outcome} ${event.code}`,
  )
  assert.deepEqual(lines, ['key refused invalid-key', 'sign-in sign-in-expired 4'])
})

test('models that come to the store and go are told', async (t) => {
  const home = testHome(t)
  const folder = join(home, 'models')
  const upstream = await startUpstream(t)
  const yaml = cloudConfig(upstream.url).replace('engine: {enabled: false}\n', '')
  const weights = gguf([['general.architecture', textValue('llama')]], [])
  const digest = createHash('sha256').update(weights).digest('hex')
  const manifest = {
    name: 'small',
    digest,
    bytes: weights.length,
    format: 'gguf',
    source: { kind: 'file', reference: 'small.gguf' },
    pulledAt: '2026-01-01T00:00:00.000Z',
    architecture: 'llama',
    parameters: 1,
    quantisation: 'Q4_1',
    contextTokens: 64,
    licence: null,
    openness: null,
  }
  mkdirSync(join(folder, 'manifests'), { recursive: true })
  mkdirSync(join(folder, 'blobs'))
  // as `ecluse pull` leaves it
  writeFileSync(join(folder, 'blobs', `sha256-${digest}`), weights)
  writeFileSync(join(folder, 'manifests', 'small.json'), JSON.stringify(manifest))
  const config = (of: string): string => `${of}engine: {model: small}\n`
  const first = await testGateway(t, config(yaml), home)
  const headers = { authorization: `Bearer ${first.key}` }
  for (let state = ''; state !== 'scanned'; await new Promise(setImmediate)) {
    const seen = await fetch(`${first.url}/api/models/small`, { headers })
    state = String(((await seen.json()) as { state?: unknown }).state)
  }
  await first.stop()
  rmSync(join(folder, 'manifests', 'small.json'))
  const second = await testGateway(t, config(yaml), home)
  await second.stop()
  const told = await eventsIn(home, 'model-admission')
  assert.deepEqual(
    told.map(({ model, decision, digest, reasons }) => [model, decision, digest, reasons]),
    [
      ['small', 'brought', digest, ['source-file']],
      ['small', 'scanned', digest, ['clean']],
      // on board, where nothing is asked of weights
      ['small', 'admitted', digest, ['pulled', 'source-file']],
      ['small', 'licence-judged', digest, ['needs-legal']],
      ['small', 'withdrawn', digest, ['removed']],
    ],
  )
})

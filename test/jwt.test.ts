import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { JWK } from 'jose'
import { newPair, token } from '../src/identity/jwt/issuer.fixture.ts'
import { readEvent } from '../src/ledger/read-event.ts'
import { openStore } from '../src/store/sqlite/open.ts'
import { ask, chat, cloudConfig, errorOf, testGateway, testHome } from './support/gateway.ts'
import { startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

/** An issuer over HTTP: a discovery document and a key set, which a test can change or take away. */
async function startIssuer(t: TestContext) {
  const state = { keys: [] as JWK[], reads: 0, isDown: false, url: '' }
  const server = createServer((request, response) => {
    if (state.isDown) return void request.socket.destroy()
    const isKeys = request.url === '/keys'
    if (isKeys) state.reads += 1
    const document = { issuer: state.url, jwks_uri: `${state.url}/keys` }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isKeys ? { keys: state.keys } : document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // listening on TCP
  state.url = `http://127.0.0.1:${port}`
  return state
}

const now = (): number => Math.floor(Date.now() / 1000)

async function setUp(t: TestContext, more = '') {
  const upstream = await startUpstream(t)
  const issuer = await startIssuer(t)
  const pair = await newPair('first')
  issuer.keys = [pair.jwk]
  const yaml = `${cloudConfig(upstream.url)}
jwt:
  - {id: ci, issuer: "${issuer.url}", audience: ecluse, claims: {application: azp}${more}}
`
  const fresh = (claims: Readonly<Record<string, unknown>> = {}, of = pair) =>
    token(of, { iss: issuer.url, azp: 'nightly', iat: now(), exp: now() + 300, ...claims })
  return { upstream, issuer, pair, yaml, fresh }
}

/** Changes the database beside the gateway, as an administrator of another replica would. */
async function withApplications(
  home: string,
  work: (applications: NonNullable<ReturnType<typeof opened>>['applications']) => Promise<unknown>,
) {
  const store = opened(home)
  assert.ok(store)
  await work(store.applications)
  await store.close()
}

function opened(home: string) {
  const store = openStore({ path: join(home, 'ecluse.db') })
  return store.ok ? store.value : null
}

const nightly = {
  tenant: 'default',
  id: 'nightly',
  name: 'Nightly',
  team: null,
  purpose: null,
  roles: [],
  createdAt: 0,
  createdBy: 'local',
  disabledAt: null,
}

test('a caller with a token of a configured issuer is served under its application, and refused with its code otherwise', async (t) => {
  const { yaml, fresh, upstream, issuer } = await setUp(t)
  const gateway = await testGateway(t, yaml)
  const call = async (key: string) => chat({ url: gateway.url, key }, { body: ask('hello') })
  const refusal = async (key: string): Promise<string | null> => {
    const answer = await call(key)
    assert.ok(answer.status >= 400)
    assert.ok((await errorOf(answer)).message.length > 0)
    return answer.headers.get('x-ecluse-error')
  }
  assert.equal(await refusal(await fresh()), 'token-unmapped')
  await withApplications(gateway.home, (applications) => applications.insert(nightly))
  const good = await fresh()
  const answer = await call(good)
  assert.equal(answer.status, 200)
  assert.equal(upstream.seen.length, 1)
  assert.ok(!JSON.stringify(upstream.seen[0]?.headers).includes(good))

  assert.equal(await refusal(await fresh({ aud: 'other' })), 'token-untrusted')
  assert.equal(await refusal(await fresh({ iss: 'https://evil.example' })), 'token-untrusted')
  assert.equal(await refusal(await fresh({ exp: now() - 60 })), 'token-expired')
  assert.equal(await refusal(await fresh({ nbf: now() + 120 })), 'token-early')
  assert.equal(await refusal(await fresh({}, await newPair('first'))), 'token-untrusted')
  assert.equal(await refusal(await fresh({ padding: 'x'.repeat(9000) })), 'token-malformed')
  assert.equal(upstream.seen.length, 1)
  // one reading of the keys for all of these
  assert.equal(issuer.reads, 1)
  // a token is for the data plane: an application without roles administers nothing
  const admin = await fetch(`${gateway.url}/api/keys`, {
    headers: { authorization: `Bearer ${good}` },
  })
  assert.equal(admin.status, 403)
  const forged = await fresh({ aud: 'other' })
  const away = await fetch(`${gateway.url}/api/keys`, {
    headers: { authorization: `Bearer ${forged}` },
  })
  assert.equal(away.status, 401)
  await gateway.stop()
  const store = opened(gateway.home)
  assert.ok(store)
  const refused = await store.ledger.read({ type: 'refusal', limit: 100 })
  assert.ok(refused.ok)
  const counts = refused.value.rows.map(({ payload }) => {
    assert.ok(!payload?.includes(forged.slice(0, 20)) && !payload?.includes('evil.example'))
    const event = readEvent(payload)
    return event?.type === 'refusal' ? `${event.surface} ${event.code} ${event.count}` : ''
  })
  assert.deepEqual(
    counts.toSorted((a, b) => a.localeCompare(b)),
    [
      'admin scope-missing 1',
      'admin token-untrusted 1',
      'null token-early 1',
      'null token-expired 1',
      'null token-malformed 1',
      'null token-unmapped 1',
      'null token-untrusted 3',
    ],
  )
  const page = await store.ledger.read({ type: 'decision', limit: 10 })
  assert.ok(page.ok)
  const keys = page.value.rows.map(({ payload }) => {
    const event = readEvent(payload)
    return event?.type === 'decision' ? event.key : null
  })
  await store.close()
  assert.deepEqual(keys, ['jwt:ci:nightly'])
})

test('an issuer that is away serves those it vouched for, and asks the others to come again', async (t) => {
  const { yaml, fresh, issuer } = await setUp(t)
  const gateway = await testGateway(t, yaml)
  await withApplications(gateway.home, (applications) => applications.insert(nightly))
  const call = async (key: string) => chat({ url: gateway.url, key }, { body: ask('hello') })
  issuer.isDown = true
  const early = await call(await fresh())
  assert.deepEqual(
    [early.status, early.headers.get('x-ecluse-error'), early.headers.get('retry-after')],
    [503, 'token-keys-unavailable', '30'],
  )
})

test('without issuers a token is a key that is not known', async (t) => {
  const { fresh, upstream } = await setUp(t)
  const gateway = await testGateway(t, cloudConfig(upstream.url))
  const answer = await chat({ url: gateway.url, key: await fresh() }, { body: ask('hello') })
  assert.equal(answer.headers.get('x-ecluse-error'), 'invalid-key')
})

test('workers know tokens too', async (t) => {
  const { yaml, fresh } = await setUp(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), yaml)
  const serve = ['serve', '--workers', '2', '--listen', '127.0.0.1:0', '--json']
  const program = startProgram(t, serve, { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' })
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url }: { url: string } = JSON.parse(line)
  await withApplications(home, (applications) => applications.insert(nightly))
  const key = await fresh()
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() =>
      chat({ url, key }, { body: ask('hello'), headers: { connection: 'close' } }),
    ),
  )
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200],
  )
})

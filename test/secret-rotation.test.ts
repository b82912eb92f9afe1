import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { describe, test, type TestContext } from 'node:test'
import type { Config } from '#config/types.ts'
import { commitRotation, resealAll } from '#identity/rotate-root.ts'
import { parseRootSecret, rootSecret } from '#identity/root-secret.ts'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { openStore } from '#store/sqlite/open.ts'
import { OWNER } from '../src/main/core.ts'
import { rotateSecret } from '../src/main/rotate-secret.ts'
import { resealOwnTerms } from '../src/main/secret-files.ts'
import { startGateway } from '../src/main/start-gateway.ts'
import { ask, chat, cloudConfig, configOf, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { asked, startReplica, startReplicas, type Replica } from './support/replicas.ts'
import { startUpstream, type Upstream } from './support/upstream.ts'

const VALUE = ['given', 'by', 'hand'].join('-')

interface House {
  readonly home: string
  readonly config: Config
  readonly upstream: Upstream
  readonly key: string
}

/** A data directory with a key, a sealed credential and a term of the company's own, and no gateway on it. */
async function filledHome(t: TestContext): Promise<House> {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  const config = configOf(home, cloudConfig(upstream.url))
  const gateway = await started(config)
  const { house } = gateway
  assert.ok((await house.credentials.set(OWNER, 'cloud', VALUE)).ok)
  const list = {
    id: 'names',
    owner: 'it',
    class: 'restricted',
    category: 'company',
    match: 'exact',
  } as const
  const kept = await house.ownTerms.change({ kind: 'put-list', list }, 'local', 'en')
  assert.ok(kept.ok, JSON.stringify(kept))
  const terms = { kind: 'add-terms', id: 'names', terms: ['Blaireau Argenté'] } as const
  assert.ok((await house.ownTerms.change(terms, 'local', 'en')).ok)
  const key = readFileSync(gateway.adminKeyFile, 'utf8').trim()
  await gateway.stop()
  return { home, config, upstream, key }
}

async function started(config: Config) {
  const gateway = await startGateway(config, {
    version: '0.0.0-test',
    root: config.home,
    environment: {},
    note: () => {},
  })
  if (!gateway.ok) throw new Error(gateway.error.en)
  return gateway.value
}

/** The key opens, the sealed credential is sent, and the term is found. */
async function assertWhole({ config, upstream, key }: House): Promise<void> {
  const gateway = await started(config)
  try {
    const { url } = gateway
    const answer = await chat({ url, key }, { body: ask('hello') })
    assert.equal(answer.status, 200, await answer.text())
    assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${VALUE}`)
    const found = await chat({ url, key }, { body: ask('about the blaireau argenté') })
    assert.equal(found.headers.get('x-ecluse-class'), 'restricted')
    await found.body?.cancel()
  } finally {
    await gateway.stop()
  }
}

const masterKey = ({ home }: House): string => readFileSync(join(home, 'master.key'), 'utf8')

describe('the exchange of the root secret', () => {
  test('keeps keys, credentials and terms, and the old secret opens nothing any more', async (t) => {
    const house = await filledHome(t)
    const before = masterKey(house)
    for (const generation of [2, 3]) {
      const rotated = await rotateSecret(house.config, null)
      assert.ok(rotated.ok, JSON.stringify(rotated))
      assert.deepEqual([rotated.value.generation, rotated.value.sealed], [generation, 1])
      assert.notEqual(masterKey(house), before)
      await assertWhole(house)
    }
    const after = masterKey(house)
    writeFileSync(join(house.home, 'master.key'), before, { mode: 0o600 })
    await assert.rejects(started(house.config), /another root secret/)
    writeFileSync(join(house.home, 'master.key'), after, { mode: 0o600 })
    await assertWhole(house)
  })

  test('is refused while a gateway runs', async (t) => {
    const house = await filledHome(t)
    const gateway = await started(house.config)
    const refused = await rotateSecret(house.config, null)
    await gateway.stop()
    assert.ok(!refused.ok)
    assert.match(refused.error.en, /holds the data directory/)
  })

  for (const stopAfter of ['the new file', 'the sealing', 'the terms', 'the commit'] as const) {
    test(`cut short after ${stopAfter}, the next start finishes or forgets it`, async (t) => {
      const house = await filledHome(t)
      const before = masterKey(house)
      await cutShort(house, stopAfter)
      await assertWhole(house)
      assert.equal(masterKey(house) === before, stopAfter !== 'the commit')
      assert.ok(!existsSync(join(house.home, 'master.key.next')))
      assert.ok(!existsSync(join(house.home, 'own-terms.bin.next')))
      assert.ok((await rotateSecret(house.config, null)).ok, 'and another one goes through')
      await assertWhole(house)
    })
  }
})

describe(
  'the exchange of the root secret on a server',
  { skip: (await noServer()) ?? false },
  () => {
    test('is refused while another gateway runs, and then opens all to every gateway that is given the new one', async (t) => {
      const database = await freshDatabase()
      t.after(() => database.drop())
      const { all, first, key, upstream } = await startReplicas(t, database.url, 2)
      const put = async (path: string, body: object, method: 'PUT' | 'POST' = 'PUT') => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const answer = await fetch(`${first.url}/api${path}`, {
          method,
          headers,
          body: JSON.stringify(body),
        })
        assert.ok(answer.ok, await answer.text())
      }
      await put('/credentials/cloud', { value: VALUE })
      await put('/terms/lists/names', { class: 'restricted' })
      await put('/terms/lists/names/terms', { terms: ['Blaireau Argenté'] }, 'POST')
      assert.equal((await asked(first.url, key)).status, 200)
      const fresh = randomBytes(32).toString('base64')
      const rotate = () => runProgram(t, ['secret', 'rotate', '--json'], first.env, fresh)
      await stopped(all.slice(0, 1))
      const refused = await rotate()
      assert.equal(refused.code, 2)
      assert.match(refused.text, /still runs on this database/)
      await stopped(all.slice(1))
      const rotated = await rotate()
      assert.equal(rotated.code, 0, rotated.text)
      assert.doesNotMatch(
        rotated.text,
        new RegExp(fresh.slice(0, 20).replaceAll('+', String.raw`\+`)),
      )
      const old = startProgram(t, ['serve', '--listen', '127.0.0.1:0', '--json'], first.env)
      assert.equal(await old.ended, 2)
      assert.match(old.printed(), /another root secret/)
      const again = []
      for (const { env } of all) {
        again.push(await startReplica(t, { ...env, ECLUSE_MASTER_KEY: fresh }))
      }
      for (const { url } of again) {
        assert.equal((await asked(url, key)).status, 200)
        assert.equal(upstream.seen.at(-1)?.headers.authorization, `Bearer ${VALUE}`)
        const found = await chat({ url, key }, { body: ask('about the blaireau argenté') })
        assert.equal(found.headers.get('x-ecluse-class'), 'restricted')
        await found.body?.cancel()
      }
      await stopped(again)
      const env = { ...first.env, ECLUSE_MASTER_KEY: fresh }
      const verified = await runProgram(t, ['audit', 'verify', '--json'], env)
      assert.equal(verified.code, 0, verified.text)
    })
  },
)

async function stopped(replicas: readonly Replica[]): Promise<void> {
  for (const { program } of replicas) program.child.kill('SIGTERM')
  for (const { program } of replicas) assert.equal(await program.ended, 0)
}

/** The steps of a rotation up to one of them, as a process that died there leaves them. */
async function cutShort(house: House, stopAfter: string): Promise<void> {
  const { home } = house
  const bytes = (length: number): Uint8Array => randomBytes(length)
  const from = rootSecret({ home, randomBytes: bytes })
  const text = randomBytes(32).toString('base64')
  const to = parseRootSecret(text, 'test')
  assert.ok(from.ok && to.ok)
  writeFileSync(join(home, 'master.key.next'), text, { mode: 0o600 })
  if (stopAfter === 'the new file') return
  const store = openStore({ path: join(home, 'ecluse.db') })
  assert.ok(store.ok)
  const rotation = {
    sealed: store.value.sealed,
    documents: store.value.documents,
    clock: Date.now,
    randomBytes: bytes,
    from: { root: from.value, generation: 1 },
    to: to.value,
  }
  assert.ok((await resealAll(rotation)).ok)
  if (stopAfter !== 'the sealing') assert.ok(resealOwnTerms(home, from.value, to.value, bytes))
  if (stopAfter === 'the commit') assert.ok(await commitRotation(rotation))
  await store.value.close()
}

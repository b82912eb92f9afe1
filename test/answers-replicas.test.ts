import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { readFileSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { ask, chat, cloudConfig, errorOf, testHome } from './support/gateway.ts'
import { startReplica } from './support/replicas.ts'
import { ANSWER, startUpstream } from './support/upstream.ts'

const skip = (await noServer()) ?? false

const RULES = `policy:
  rules:
    - {id: let-out, match: {classes: [public, internal]}, allow: {zones: [device, on-prem, managed]}}
    - {id: people-read, match: {}, duties: [review]}`

/** Two gateways on one database, where a person reads every answer. */
async function twoGateways(t: TestContext, databaseUrl: string) {
  const upstream = await startUpstream(t)
  const start = (home: string) => {
    writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url, RULES))
    return startReplica(t, {
      ECLUSE_HOME: home,
      CLOUD_KEY: 'test-cloud-key',
      ECLUSE_DATABASE_URL: databaseUrl,
      ECLUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'),
    })
  }
  const homes = [testHome(t), testHome(t)] as const
  const first = await start(homes[0])
  const second = await start(homes[1])
  const file = [first, second]
    .map(({ adminKeyFile }) => adminKeyFile)
    .find((one) => existsSync(one))
  const key = readFileSync(file ?? '', 'utf8').trim()
  return { first, second, key, again: () => start(homes[0]) }
}

const call = (url: string, key: string, method: string, path: string, body?: object) =>
  fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

async function keyOf(url: string, admin: string, scopes: readonly string[]): Promise<string> {
  const made = await call(url, admin, 'POST', '/api/keys', { name: scopes.join(), scopes })
  const { key } = (await made.json()) as { key?: string } // a key is told once
  assert.ok(key, `${made.status}`)
  return key
}

async function held(url: string, key: string): Promise<string> {
  const error = await errorOf(await chat({ url, key }, { body: ask('Bonjour') }))
  assert.equal(error.code, 'held-for-review')
  return /reviews\/([\da-f-]{36})/.exec(error.message)?.[1] ?? ''
}

test(
  'an answer that one gateway holds is approved on another and fetched from either, though the first is killed',
  { skip },
  async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url: databaseUrl } = await server.fresh()
    const { first, second, key, again } = await twoGateways(t, databaseUrl)
    const [caller, reviewer, other] = [
      await keyOf(first.url, key, ['inference']),
      await keyOf(first.url, key, ['security']),
      await keyOf(second.url, key, ['inference']),
    ]
    const fetched = (url: string, id: string, by = caller) =>
      call(url, by, 'GET', `/v1/ecluse/reviews/${id}`)
    const decided = async (url: string, id: string, what: string): Promise<number> =>
      (
        await call(
          url,
          reviewer,
          'POST',
          `/api/reviews/${id}/${what}`,
          what === 'refuse' ? { reason: 'no' } : {},
        )
      ).status

    const id = await held(first.url, caller)
    const [lost, edited] = [await held(first.url, caller), await held(first.url, caller)]
    // told that it waits: then it is in the database, whatever becomes of who told it
    first.program.child.kill('SIGKILL')
    await first.program.ended
    assert.equal((await fetched(second.url, id)).status, 202)
    assert.equal((await fetched(second.url, id, other)).status, 404)
    assert.equal(await decided(second.url, id, 'approve'), 200)
    const returned = await again()
    for (const { url } of [second, returned]) {
      const answer = await fetched(url, id)
      assert.equal(answer.status, 200)
      const { choices } = (await answer.json()) as typeof ANSWER
      assert.equal(choices[0]?.message.content, ANSWER.choices[0]?.message.content)
      assert.equal((await fetched(url, id, other)).status, 404)
      assert.equal(await decided(url, id, 'refuse'), 409, 'decided once, for all of them')
    }

    // of two people at two gateways at the same moment one counts
    const both = await Promise.all([
      decided(returned.url, lost, 'approve'),
      decided(second.url, lost, 'refuse'),
    ])
    assert.deepEqual(both.toSorted(), [200, 409])
    const wanted = both[0] === 200 ? 200 : 403
    for (const { url } of [second, returned])
      assert.equal((await fetched(url, lost)).status, wanted)

    const text = { text: 'of a person' }
    const edit = await call(returned.url, reviewer, 'POST', `/api/reviews/${edited}/edit`, text)
    assert.equal(edit.status, 200)
    returned.program.child.kill('SIGKILL')
    await returned.program.ended
    assert.match(await (await fetched(second.url, edited)).text(), /of a person/)
  },
)

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { cloudConfig, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { asked, startReplica } from './support/replicas.ts'
import { startUpstream } from './support/upstream.ts'

const skip = (await noServer()) ?? false
const ROWS = 4_000
/** One request of the command takes so many. */
const AT_ONCE = 1_000

const rows = (wrong: (at: number) => boolean): string =>
  [
    'id,match.key,window,requests',
    ...Array.from({ length: ROWS }, (_, at) => `q-${at},name-${at},1h,${wrong(at) ? 'many' : 1}`),
  ].join('\n')

/** A file that is refused whole, one that is cut off half-way and goes on, and what it wrote is in force. */
async function imports(t: TestContext, database: Record<string, string>): Promise<void> {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key', ...database }
  const { url, adminKeyFile } = await startReplica(t, env)
  const admin = readFileSync(adminKeyFile, 'utf8').trim()
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  const some = async (): Promise<number> => {
    const answer = await fetch(`${url}/api/quotas?limit=1`, { headers })
    return ((await answer.json()) as { quotas: unknown[] }).quotas.length
  }
  const [bad, good] = [join(home, 'bad.csv'), join(home, 'good.csv')]
  writeFileSync(
    bad,
    rows((at) => at === 7 || at === ROWS - 1),
  )
  writeFileSync(
    good,
    rows(() => false),
  )
  const importing = ['quotas', 'import', good, '--json']

  const refused = await runProgram(t, ['quotas', 'import', bad], env)
  assert.equal(refused.code, 1, refused.text)
  assert.match(
    refused.text,
    new RegExp(`line 9: requests: [^]*line ${ROWS + 1}: requests: [^]*2 line`),
  )
  assert.equal(await some(), 0)

  const cut = startProgram(t, importing, env)
  while ((await some()) === 0) await wait(5)
  cut.child.kill('SIGKILL')
  await cut.ended
  const told = async (): Promise<{ written: number; unchanged: number }> => {
    const { code, text } = await runProgram(t, importing, env)
    assert.equal(code, 0, text)
    const line = text.split('\n').find((one) => one.startsWith('{')) ?? ''
    return JSON.parse(line) as { written: number; unchanged: number }
  }
  const second = await told()
  assert.equal(second.written + second.unchanged, ROWS)
  assert.ok(second.unchanged >= AT_ONCE && second.unchanged % AT_ONCE === 0, JSON.stringify(second))
  assert.deepEqual(await told(), { written: 0, unchanged: ROWS })

  const made = await fetch(`${url}/api/keys`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: `name-${ROWS - 1}`, scopes: ['inference'] }),
  })
  const { key } = (await made.json()) as { key: string }
  assert.equal((await asked(url, key)).status, 200)
  assert.equal((await asked(url, key)).status, 429)
}

test('quotas of a file: all or none of a thousand, and the same command goes on where it was cut off', (t) =>
  imports(t, {}))

test('the same on PostgreSQL', { skip }, async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  await imports(t, { ECLUSE_DATABASE_URL: database.url })
})

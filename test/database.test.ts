import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const skip = (await noServer()) ?? false

/** A data directory with a gateway's day in it. */
async function lived(t: TestContext) {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  const yaml = cloudConfig(upstream.url)
  writeFileSync(join(home, 'ecluse.yaml'), yaml)
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key', NEW_DATABASE: '' }
  const serving = async (config = 'ecluse.yaml') => {
    const args = ['serve', '--config', join(home, config), '--listen', '127.0.0.1:0', '--json']
    const program = startProgram(t, args, env)
    const [line] = await program.until(/^\{"url".*\}$/m)
    const { url }: { url: string } = JSON.parse(line)
    const stop = async () => {
      program.child.kill('SIGTERM')
      assert.equal(await program.ended, 0)
    }
    return { url, stop }
  }
  const status = async (url: string, key: string) => {
    const answer = await chat({ url, key }, { body: ask('hello') })
    await answer.body?.cancel()
    return answer.status
  }
  const first = await serving()
  const key = readFileSync(join(home, 'admin.key'), 'utf8').trim()
  for (let i = 0; i < 5; i += 1) assert.equal(await status(first.url, key), 200)
  const run = (...args: string[]) => runProgram(t, args, env)
  return { home, env, yaml, key, first, serving, status, run }
}

test(
  'a gateway moves to a server and back, with its keys and its evidence',
  { skip },
  async (t) => {
    const { home, env, yaml, key, first, serving, status, run } = await lived(t)
    const database = await freshDatabase()
    t.after(() => database.drop())
    env.NEW_DATABASE = database.url
    const other = join(home, 'new.yaml')
    writeFileSync(other, `${yaml}\ndatabase: {url: "\${env:NEW_DATABASE}"}\n`)
    const held = await run('db', 'move', '--to', other)
    assert.equal(held.code, 2, held.text)
    await first.stop()
    const moved = await run('db', 'move', '--to', other, '--json')
    assert.equal(moved.code, 0, moved.text)
    const done: { verified: number; rows: Record<string, number> } = JSON.parse(moved.text)
    assert.equal(done.verified, done.rows['ledger'])
    const second = await serving('new.yaml')
    assert.equal(await status(second.url, key), 200)
    const busy = await run('db', 'status', '--json', '--config', other)
    const shown: { kind: string; writing: unknown[] } = JSON.parse(busy.text)
    assert.deepEqual([shown.kind, shown.writing.length], ['postgresql', 1])
    assert.equal(busy.text.includes('ecluse@'), false, 'no name of a user')
    await second.stop()

    const occupied = await run('db', 'move', '--to', 'sqlite', '--config', other)
    assert.equal(occupied.code, 2)
    assert.match(occupied.text, /already/)
    const elsewhere = testHome(t)
    const back = await runProgram(
      t,
      ['db', 'move', '--to', 'sqlite', '--config', other, '--home', elsewhere, '--json'],
      env,
    )
    assert.equal(back.code, 0, back.text)
    assert.ok(existsSync(join(elsewhere, 'ecluse.db')))
    const verified = await run('audit', 'verify', '--json', '--home', elsewhere)
    assert.equal(verified.code, 0, verified.text)
  },
)

test(
  'a backup of a running gateway restores into an empty place, and only there',
  { skip },
  async (t) => {
    const { home, key, first, run } = await lived(t)
    const file = join(home, 'backup.ecluse')
    const written = await run('db', 'backup', file, '--json')
    assert.equal(written.code, 0, written.text)
    const { rows }: { rows: Record<string, number> } = JSON.parse(written.text)
    await first.stop()
    assert.equal((await run('db', 'restore', file)).code, 2, 'there is something already')
    const empty = testHome(t)
    const restored = await run('db', 'restore', file, '--home', empty, '--json')
    assert.equal(restored.code, 0, restored.text)
    const done: { verified: number; rows: Record<string, number> } = JSON.parse(restored.text)
    assert.deepEqual(done.rows, rows)
    assert.equal(done.verified, rows['ledger'])
    const status = await run('db', 'status', '--home', empty)
    assert.match(status.text, /sqlite/)
    assert.equal(status.text.includes(key), false)
    assert.equal(
      (await run('db', 'restore', join(home, 'ecluse.yaml'), '--home', testHome(t))).code,
      2,
    )
    assert.equal((await run('db', 'nonsense')).code, 3)
  },
)

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { startUpstream } from './support/upstream.ts'

const ROOT = join(import.meta.dirname, '..')
/** Whether this process may mount a small disk for another one. */
const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'test', '/mnt']).status === 0
const skip = mayMount ? false : 'a small disk cannot be mounted here (unshare -m)'

/** A gateway whose data directory is a disk of 24 MiB of its own, which `path` reaches from here. */
async function onSmallDisk(t: TestContext, yaml: string) {
  const home = testHome(t)
  const config = join(testHome(t), 'ecluse.yaml')
  writeFileSync(config, yaml, { mode: 0o600 })
  const env = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_GB.UTF-8',
    ECLUSE_HOME: home,
    ECLUSE_CONFIG: config,
    CLOUD_KEY: 'test-cloud-key',
  }
  const run = [process.execPath, join(ROOT, 'bin', 'run.mjs')]
  const script =
    'mount -t tmpfs -o size=24m,mode=700 small "$ECLUSE_HOME" && cd "$ECLUSE_HOME" && exec "$@"'
  const serve = [...run, 'serve', '--listen', '127.0.0.1:0', '--json', '--no-discover']
  const child = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', ...serve], { env })
  t.after(() => {
    child.kill('SIGKILL')
  })
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (piece: string) => {
      text += piece
      const [, found] = /"url":"([^"]+)"/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)))
  })
  const { pid = 0 } = child
  const path = (name: string): string => join(`/proc/${pid}/root`, home, name)
  const ecluse = (...args: string[]) => {
    const inside = ['-t', String(pid), '-m', ...run, ...args]
    const { status, stdout } = spawnSync('nsenter', inside, { env, encoding: 'utf8' })
    return { code: status, text: stdout }
  }
  return { url, path, ecluse, key: readFileSync(path('admin.key'), 'utf8').trim() }
}

/** Writes until there is no room left; returns how to give it back. */
function fill(path: string): () => void {
  const file = openSync(path, 'w')
  try {
    for (const size of [65_536, 512, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size))
      } catch (error) {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      }
    }
  } finally {
    closeSync(file)
  }
  return () => rmSync(path)
}

test(
  'on a full disk nothing leaves for a zone that is not ours, nothing acknowledged is lost, and it goes on by itself',
  { skip },
  async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await onSmallDisk(t, cloudConfig(upstream.url))
    const acknowledged: string[] = []
    const once = async (): Promise<string> => {
      const seen = upstream.seen.length
      const answer = await chat(gateway, { body: ask('hello') })
      await answer.text()
      const left = upstream.seen.length - seen
      const [id = ''] = answer.headers.get('x-ecluse-decision')?.split(';') ?? []
      if (answer.status === 200) acknowledged.push(id)
      // what was sent was written first, and what could not be written was not sent
      assert.equal(left, answer.status === 200 ? 1 : 0)
      return answer.status === 200 ? 'answered' : (answer.headers.get('x-ecluse-error') ?? '')
    }
    for (let i = 0; i < 20; i += 1) assert.equal(await once(), 'answered')
    for (let round = 0; round < 2; round += 1) {
      const giveBack = fill(gateway.path('filler'))
      let refused = 0
      // the files that are there have room for some more
      for (let i = 0; i < 5000 && refused < 5; i += 1) {
        const how = await once()
        if (how === 'answered') continue
        assert.equal(how, 'ledger-unavailable')
        refused += 1
      }
      assert.equal(refused, 5, 'the disk was not full')
      const ready = await fetch(`${gateway.url}/health/ready`)
      assert.equal(ready.status, 200)
      giveBack()
      // it is tried again once a second at most
      for (let i = 0; (await once()) !== 'answered'; i += 1) {
        assert.ok(i < 100, 'it does not come back')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    for (let i = 0; i < 20; i += 1) assert.equal(await once(), 'answered')
    for (const id of acknowledged) {
      const found = await fetch(`${gateway.url}/api/decisions/${id}`, {
        headers: { authorization: `Bearer ${gateway.key}` },
      })
      assert.equal(found.status, 200, id)
      await found.body?.cancel()
    }
    const verified = gateway.ecluse('audit', 'verify', '--json')
    assert.equal(verified.code, 0, verified.text)
    assert.equal(JSON.parse(verified.text).ok, true)
  },
)

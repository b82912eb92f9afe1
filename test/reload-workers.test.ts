import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readText } from '../src/telemetry/prometheus-text.fixture.ts'
import { childrenOf } from './support/children.ts'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

test('`ecluse reload` reaches every worker, a worker that starts later too, and their requests are counted', async (t) => {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  const file = join(home, 'ecluse.yaml')
  writeFileSync(file, cloudConfig(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const serve = ['serve', '--workers', '2', '--listen', '127.0.0.1:0', '--json']
  const program = startProgram(t, serve, env)
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  const key = readFileSync(adminKeyFile, 'utf8').trim()
  const classesOf = async (calls: number): Promise<readonly (string | null)[]> => {
    const answers = await Promise.all(
      Array.from({ length: calls }, () =>
        chat({ url, key }, { body: ask('hello'), headers: { connection: 'close' } }),
      ),
    )
    for (const answer of answers) await answer.text()
    return [...new Set(answers.map(({ headers }) => headers.get('x-ecluse-class')))]
  }
  /** Nobody listens until one worker has started again. */
  const classesWhenServed = async (calls: number): Promise<readonly (string | null)[]> => {
    for (;;) {
      const isServed = await fetch(`${url}/health/live`).then(
        () => true,
        () => false,
      )
      if (isServed) return classesOf(calls)
    }
  }
  assert.deepEqual(await classesOf(6), ['public'])

  writeFileSync(file, cloudConfig(upstream.url, 'floor: internal\n'))
  const reloaded = await runProgram(t, ['reload', '--json'], env)
  assert.equal(reloaded.code, 0, reloaded.text)
  await program.until(/"msg":"config-reloaded"/)
  assert.deepEqual(await classesOf(12), ['internal'])

  // a bad edit: what runs goes on, and so does a worker that has to be started again
  writeFileSync(file, 'floor: [\n')
  const refused = await runProgram(t, ['reload'], env)
  assert.equal(refused.code, 2)
  assert.match(refused.text, /ecluse\.yaml:\d+:\d+/)
  await program.until(/"msg":"config-problem"/)
  const [victim] = childrenOf(program.child.pid ?? 0)
  assert.ok(victim)
  process.kill(victim, 'SIGKILL')
  await program.until(/worker-ended/)
  for (const survivor of childrenOf(program.child.pid ?? 0)) process.kill(survivor, 'SIGKILL')
  await program.until(/worker-ended.*[\s\S]*worker-ended/)
  assert.deepEqual(await classesWhenServed(12), ['internal'])

  await program.until(/"msg":"request"/)
  const scrape = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  assert.equal(scrape.status, 200)
  const name = 'ecluse_requests_total'
  const shown = readText(await scrape.text()).samples.filter((sample) => sample.name === name)
  assert.ok(shown.reduce((sum, { value }) => sum + value, 0) >= 18)
  program.child.kill('SIGTERM')
  assert.equal(await program.ended, 0)
})

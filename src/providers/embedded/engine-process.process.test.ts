import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { starterModelDir, STARTER } from '#models/starter/starter-model.fixture.ts'
import { startEngine } from './engine.fixture.ts'
import { EngineProcess, growingDelay, type EngineState } from './engine-process.ts'

const models = await starterModelDir()
const skip = 'skip' in models ? models.skip : false
const modelsDir = 'dir' in models ? models.dir : ''

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test(
  'a killed engine is started again, and only the request in it is lost',
  { skip },
  async (t) => {
    const again = Promise.withResolvers<EngineState>()
    const engine = await startEngine({
      modelsDir,
      onState: (state) => {
        if (state.kind === 'ready' && state.restarts === 1) again.resolve(state)
      },
    })
    t.after(() => engine.stop())
    const body = { model: STARTER, messages: [{ role: 'user', content: 'Tell me all.' }] }
    const lost = engine.call('/v1/chat/completions', body)
    const { process: running } = await engine.until(
      ({ models: [model] }) => model?.slots.used === 1,
    )
    process.kill(running.pid, 'SIGKILL')
    await assert.rejects(lost)
    const state = await again.promise
    assert.deepEqual(state.lastExit, { code: null, signal: 'SIGKILL', reason: 'crashed' })
    assert.deepEqual(
      engine.states.map(({ kind }) => kind),
      ['starting', 'ready', 'restarting', 'ready'],
    )
    const answer = await engine.call('/v1/chat/completions', { ...body, max_tokens: 1 })
    assert.equal(answer.status, 200)
  },
)

test('stopping lets an answer finish, then the socket is gone', { skip }, async (t) => {
  const engine = await startEngine({ modelsDir })
  t.after(() => engine.stop())
  const body = { model: STARTER, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 8 }
  const answer = engine.call('/v1/chat/completions', body)
  await engine.until(({ models: [model] }) => model?.slots.used === 1)
  await engine.engine.stop()
  assert.equal((await answer).status, 200)
  assert.equal(engine.engine.state.kind, 'stopped')
  await assert.rejects(access(engine.socketPath))
})

test('the engine ends when its supervisor is killed', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-parent-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const supervisor = join(home, 'supervisor.mts')
  const module = fileURLToPath(new URL('./engine-process.ts', import.meta.url))
  await writeFile(
    supervisor,
    `import { EngineProcess } from ${JSON.stringify(module)}
     const engine = new EngineProcess({ socketPath: ${JSON.stringify(join(home, 's'))}, modelsDir: ${JSON.stringify(home)} })
     const state = await engine.start()
     process.stdout.write(String(state.pid) + '\\n')`,
  )
  const parent = spawn(process.execPath, [supervisor], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  assert.ok(isAlive(pid))
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
})

test('a socket left by a killed engine is replaced', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-stale-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const socketPath = join(home, 's')
  await writeFile(socketPath, '')
  await using engine = new EngineProcess({ socketPath, modelsDir: home })
  assert.equal((await engine.start()).kind, 'ready')
})

test('an engine that keeps crashing is given up after the allowed restarts', async () => {
  const attempts: number[] = []
  await using engine = new EngineProcess({
    socketPath: join(tmpdir(), 'ecluse-never'),
    modelsDir: tmpdir(),
    command: [process.execPath, '-e', 'process.exit(7)'],
    maxRestarts: 2,
    delayMs: (attempt) => {
      attempts.push(attempt)
      return 0
    },
  })
  const state = await engine.start()
  assert.equal(state.kind, 'failed')
  assert.deepEqual(state.lastExit, { code: 7, signal: null, reason: 'crashed' })
  assert.deepEqual(attempts, [1, 2])
})

test('a program that does not exist is a failure at once', async () => {
  await using engine = new EngineProcess({
    socketPath: join(tmpdir(), 'ecluse-never'),
    modelsDir: tmpdir(),
    command: [join(tmpdir(), 'no-such-program')],
  })
  const state = await engine.start()
  assert.equal(state.kind, 'failed')
  assert.equal(state.lastExit?.reason, 'not-started')
})

test('the engine sees nothing of the environment but where things are', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ecluse-env-'))
  const seen = join(home, 'env.json')
  const script = `require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(Object.keys(process.env)))`
  await using engine = new EngineProcess({
    socketPath: join(home, 's'),
    modelsDir: home,
    command: [process.execPath, '-e', script],
    environment: { PATH: '/bin', LANG: 'fr', VENDOR_API_KEY: 'synthetic', NODE_OPTIONS: '--x' },
    maxRestarts: 0,
  })
  await engine.start()
  const { readFile } = await import('node:fs/promises')
  const names = JSON.parse(await readFile(seen, 'utf8')) as string[]
  const own = names.filter((name) => !name.startsWith('NODE_CHANNEL'))
  assert.deepEqual(own.toSorted(), ['LANG', 'PATH'])
  await rm(home, { recursive: true, force: true })
})

test('restarts wait longer and longer, up to half a minute', () => {
  assert.deepEqual([1, 2, 3, 8, 50].map(growingDelay), [250, 500, 1000, 30_000, 30_000])
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'

const skip = (await noServer()) ?? false

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function absent(t: TestContext) {
  const server = await startServer()
  t.after(() => server.stop())
  const { url } = await server.fresh()
  await server.away()
  const port = await freePort()
  const env = { ECLUSE_HOME: testHome(t), ECLUSE_DATABASE_URL: url }
  writeFileSync(join(env.ECLUSE_HOME, 'ecluse.yaml'), 'discover: false\nengine: {enabled: false}\n')
  const args = ['serve', '--listen', `127.0.0.1:${port}`, '--json']
  return { server, env, args, url: `http://127.0.0.1:${port}` }
}

test(
  'a gateway that starts before its database waits for it: alive, not ready, and refusing',
  { skip },
  async (t) => {
    const { server, env, args, url } = await absent(t)
    const program = startProgram(t, args, env)
    const [line] = await program.until(/^.*database-awaited.*$/m)
    assert.match(line, /"code":"unreachable"/)
    assert.doesNotMatch(line, /ecluse@/)
    assert.equal((await fetch(`${url}/health/live`)).status, 200)
    assert.equal((await fetch(`${url}/health/ready`)).status, 503)
    const asked = await fetch(`${url}/v1/messages`, { method: 'POST', body: '{}' })
    assert.equal(asked.status, 503)
    const refused: { type: string; error: { message: string } } = JSON.parse(await asked.text())
    assert.equal(refused.type, 'error')
    assert.equal(asked.headers.get('x-ecluse-error'), 'ledger-unavailable')
    // commands are answered as callers are
    const keys = await runProgram(t, ['keys', 'ls'], env)
    assert.equal(keys.code, 2)
    await server.back()
    await program.until(/^\{"url".*\}$/m)
    assert.equal((await fetch(`${url}/health/ready`)).status, 200)
    assert.equal((await fetch(`${url}/v1/models`)).status, 401)
    program.child.kill('SIGTERM')
    assert.equal(await program.ended, 0)
  },
)

test('and stops at once when it is told to, without a failure', { skip }, async (t) => {
  const { env, args } = await absent(t)
  const program = startProgram(t, args, env)
  await program.until(/database-awaited/)
  program.child.kill('SIGTERM')
  assert.equal(await program.ended, 0)
  // a command waits for nothing
  const status = await runProgram(t, ['keys', 'ls'], env)
  assert.equal(status.code, 2)
  assert.match(status.text, /does not answer \(E[A-Z]+\)/)
})

import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Browser, realProvider } from '../src/identity/oidc/provider.fixture.ts'
import { testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { freePort, providerConfig } from './support/sign-in.ts'

/** A gateway as a process with two workers, and a home of somebody else who uses it from their own command line. */
async function setUp(t: TestContext, workers: readonly string[] = []) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const redirectUris = [`${url}/api/sign-in/callback/company`]
  const backChannel = `${url}/api/sign-in/back-channel-logout/company`
  const real = await realProvider(t, { redirectUris, backChannel })
  const ada = { sub: 'ada', email: 'ada@example.org', email_verified: true, name: 'Ada' }
  real.accounts.set('ada', { ...ada, groups: ['ai-admins'] })
  const home = testHome(t)
  const config = providerConfig(real.issuer, 'roles: {ai-admins: owner, auditors: auditor}')
  writeFileSync(join(home, 'ecluse.yaml'), config)
  const serve = ['serve', ...workers, '--listen', `127.0.0.1:${port}`, '--json']
  const gateway = startProgram(t, serve, { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' })
  await gateway.until(/^\{"url".*\}$/m)
  const own = { ECLUSE_HOME: join(testHome(t), 'new') }
  const run = (...args: string[]) => runProgram(t, [...args, '--gateway', url, '--json'], own)
  return { url, real, own, run }
}

test('`ecluse sign-in` brings a key of the person, which `whoami` shows and `sign-out` revokes', async (t) => {
  const { url, real, own, run } = await setUp(t, ['--workers', '2'])
  assert.equal((await run('whoami')).code, 1)
  const program = startProgram(t, ['sign-in', '--gateway', url, '--json'], own)
  const [start] = await program.until(/http:\/\/127\.0\.0\.1:\d+\/api\/sign-in\/start\S+/)
  const browser = new Browser()
  const back = await browser.follow(start, `${url}/api/sign-in/callback/`)
  const sent = (await browser.get(back)).headers.get('location') ?? ''
  assert.match(sent, /^http:\/\/127\.0\.0\.1:\d+\/\?code=/)
  // somebody else's page on this machine cannot put its own code in: the state is not known to it
  const foreign = new URL(sent)
  foreign.searchParams.set('state', 'x')
  assert.equal((await fetch(foreign)).status, 400)
  assert.equal((await fetch(sent)).status, 200)
  assert.equal(await program.ended, 0, program.printed())
  const file = join(own.ECLUSE_HOME, 'sign-in.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const kept = JSON.parse(readFileSync(file, 'utf8'))[url] as { key: string; keyId: string }
  assert.ok(!program.printed().includes(kept.key))
  const who = await run('whoami')
  assert.equal(who.code, 0, who.text)
  const seen = JSON.parse(who.text) as { name: string; roles: string[] }
  assert.deepEqual([seen.name, seen.roles], ['Ada', ['owner']])
  // the same code once more
  const code = new URL(sent).searchParams.get('code')
  const replay = await fetch(`${url}/api/sign-in/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, verifier: 'a'.repeat(43), name: 'x' }),
  })
  assert.equal(replay.status, 400)
  // the administration of a gateway elsewhere
  const keys = await run('keys', 'ls')
  assert.equal(keys.code, 0, keys.text)
  assert.match(keys.text, new RegExp(kept.keyId))
  // the data plane, in a worker
  const models = () =>
    fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${kept.key}` } })
  assert.equal((await models()).status, 200)
  assert.equal((await run('sign-out')).code, 0)
  assert.equal((await run('whoami')).code, 1)
  const admin = await fetch(`${url}/api/session`, {
    headers: { authorization: `Bearer ${kept.key}` },
  })
  assert.equal(admin.status, 401)
  real.isDown = true
})

test('where there is no browser the code is pasted, and the right verifier opens it once', async (t) => {
  const { url, real, own, run } = await setUp(t)
  const paste = async (change: (code: string) => string = (code) => code) => {
    const program = startProgram(t, ['sign-in', '--paste', '--gateway', url], own)
    const [start] = await program.until(/http:\/\/127\.0\.0\.1:\d+\/api\/sign-in\/start\S+/)
    const browser = new Browser()
    const back = await browser.follow(start, `${url}/api/sign-in/callback/`)
    const page = await (await browser.get(back)).text()
    assert.match(page, /give the code to nobody/)
    const code = /<code>([\w-]{43})<\/code>/.exec(page)?.[1] ?? ''
    program.child.stdin?.end(`${change(code)}\n`)
    return { code: await program.ended, printed: program.printed(), given: code }
  }
  const first = await paste()
  assert.equal(first.code, 0, first.printed)
  const stolen = await paste(() => first.given)
  assert.equal(stolen.code, 1)
  assert.match(stolen.printed, /sign-in is over/i)
  // somebody who reads the code and not the verifier has nothing
  const other = await paste()
  assert.equal(other.code, 0)
  // an auditor may make no keys, and signs in all the same
  real.accounts.set('ada', {
    sub: 'ada',
    email: 'ada@example.org',
    name: 'Ada',
    groups: ['auditors'],
  })
  const third = await paste()
  assert.equal(third.code, 0, third.printed)
  const who = await run('whoami')
  assert.deepEqual((JSON.parse(who.text) as { roles: string[] }).roles, ['auditor'])
})

test('a key never travels in clear to another machine', async (t) => {
  const own = { ECLUSE_HOME: join(testHome(t), 'new') }
  const refused = await runProgram(t, ['sign-in', '--gateway', 'http://ai.example.org'], own)
  assert.equal(refused.code, 2)
  assert.match(refused.text, /in clear/)
})

test('a provider that says no is told at the command line', async (t) => {
  const { url, real, own } = await setUp(t)
  const program = startProgram(t, ['sign-in', '--gateway', url], own)
  const [start] = await program.until(/http:\/\/127\.0\.0\.1:\d+\/api\/sign-in\/start\S+/)
  const browser = new Browser()
  browser.set(real.issuer, 'login', 'deny')
  const back = await browser.follow(start, `${url}/api/sign-in/callback/`)
  const sent = (await browser.get(back)).headers.get('location') ?? ''
  assert.equal(new URL(sent).searchParams.get('error'), 'sign-in-denied')
  await fetch(sent)
  assert.equal(await program.ended, 1)
  assert.match(program.printed(), /did not let you in/)
})

import { OWNER } from '../src/main/core.ts'
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openStore } from '#store/sqlite/open.ts'
import { homePaths } from '../src/main/home-paths.ts'
import { ask, chat, cloudConfig, errorOf } from './support/gateway.ts'
import { reloadableGateway } from './support/reloadable.ts'
import { frame, json, startUpstream, type Upstream } from './support/upstream.ts'

/** Two destinations with one model each; `spare` stands second. */
const pair = (first: Upstream, second: Upstream): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: first, url: "${first.url}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: m}]}
  - {id: second, url: "${second.url}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: m}]}
`

describe('a reload of the configuration', () => {
  test('under load drops no request', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    const statuses: number[] = []
    const calls = { areOver: false }
    const caller = async (): Promise<void> => {
      while (!calls.areOver) {
        const response = await chat(gateway, { body: ask('hello', { stream: true }) })
        const text = await response.text()
        statuses.push(text.trimEnd().endsWith('data: [DONE]') ? response.status : -1)
      }
    }
    const callers = Array.from({ length: 16 }, caller)
    for (let at = 0; at < 12; at += 1) {
      gateway.write(
        cloudConfig(upstream.url, `limits: {depth: ${20 + at}}\n`).replace(
          'models:',
          `timeouts: {idle_ms: ${1000 + at}}, models:`,
        ),
      )
      const { body } = await gateway.reload()
      assert.deepEqual(body.applied, ['destinations', 'limits'])
    }
    calls.areOver = true
    await Promise.all(callers)
    assert.ok(statuses.length >= 16)
    assert.deepEqual([...new Set(statuses)], [200])
  })

  test('puts another meaning of findings in force', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    const asked = () => chat(gateway, { body: ask('ecrire a jean.dupont@acme.fr') })
    assert.equal((await asked()).headers.get('x-ecluse-class'), 'internal')
    gateway.write(
      `${cloudConfig(upstream.url)}classes: {rows: [{types: [EMAIL_ADDRESS], class: restricted}]}\n`,
    )
    assert.deepEqual((await gateway.reload()).body.applied, ['classes'])
    const refused = await asked()
    assert.equal(refused.status, 403)
    assert.equal(refused.headers.get('x-ecluse-class'), 'restricted')
  })

  test('with a bad edit changes nothing, and says file, line and message in the answer and in the log', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    const before = gateway.house.gate.policy().version
    gateway.write(`${cloudConfig(upstream.url)}floor: confidential\nlimits: {dept: 3}\n`)
    const { status, body } = await gateway.reload()
    assert.equal(status, 422)
    assert.equal(body.outcome, 'refused')
    assert.equal(body.policyVersion, before)
    const [problem] = body.problems
    assert.equal(problem?.code, 'unknown-key')
    assert.match(problem?.where ?? '', /ecluse\.yaml:8:10 limits\.dept$/)
    assert.match(problem?.remedy ?? '', /depth/)
    const line = await gateway.line('config-problem')
    assert.equal(line['level'], 'error')
    assert.equal(line['where'], problem?.where)
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-ecluse-class'), 'public')
  })

  test('lets a stream of a removed destination end, and sends it nothing more', async (t) => {
    const upstream = await startUpstream(t)
    let finish = (): void => {}
    upstream.act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(frame({ role: 'assistant', content: 'begun ' }))
      finish = () => response.end(`${frame({ content: 'ended' }, 'stop')}data: [DONE]\n\n`)
    }
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    const response = await chat(gateway, { body: ask('hello', { stream: true }) })
    assert.equal(response.status, 200)
    gateway.write('discover: false\nengine: {enabled: false}\n')
    assert.equal((await gateway.reload()).body.outcome, 'applied')
    const refused = await chat(gateway, { body: ask('hello') })
    assert.equal((await errorOf(refused)).code, 'no-eligible-destination')
    finish()
    const text = await response.text()
    assert.match(text, /ended/)
    assert.match(text, /data: \[DONE\]\s*$/)
    assert.equal(upstream.seen.length, 1)
  })

  test('leaves a verdict in force: a destination removed meanwhile still answers as its second choice', async (t) => {
    const first = await startUpstream(t)
    const second = await startUpstream(t)
    let fail = (): void => {}
    const hasArrived = new Promise<void>((resolve) => {
      first.act = (response) => {
        fail = () => json(response, 503, { error: { message: 'away' } })
        resolve()
      }
    })
    const gateway = await reloadableGateway(t, pair(first, second))
    const answer = chat(gateway, { body: ask('hello') })
    await hasArrived
    gateway.write(pair(first, second).replace(/ {2}- \{id: second.*\n/, ''))
    assert.equal((await gateway.reload()).body.outcome, 'applied')
    fail()
    const response = await answer
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('x-ecluse-destination'), 'second')
  })

  test('sends to the new address, with the new key, under the new limits and floor', async (t) => {
    const [old, next] = [await startUpstream(t), await startUpstream(t)]
    const gateway = await reloadableGateway(t, cloudConfig(old.url))
    assert.equal((await chat(gateway, { body: ask('hello') })).status, 200)
    writeFileSync(join(gateway.home, 'cloud.key'), 'rotated-key', { mode: 0o600 })
    gateway.write(
      cloudConfig(next.url, 'floor: internal\nlimits: {body_bytes: 2048}\n').replace(
        '${env:CLOUD_KEY}',
        '${file:cloud.key}',
      ),
    )
    const { body } = await gateway.reload()
    assert.deepEqual(body.applied, ['floor', 'destinations', 'limits'])
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.headers.get('x-ecluse-class'), 'internal')
    assert.deepEqual([old.seen.length, next.seen.length], [1, 1])
    assert.equal(next.seen[0]?.headers.authorization, 'Bearer rotated-key')
    const large = await chat(gateway, { body: ask('x'.repeat(3000)) })
    assert.equal(large.status, 413)
  })

  test('is evidence: who, and the versions that decisions quote from then on', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    gateway.write(cloudConfig(upstream.url, 'floor: internal\n'))
    const { body } = await gateway.reload()
    assert.equal((await gateway.reload()).body.outcome, 'unchanged')
    const store = openStore({ path: homePaths(gateway.home).database, readOnly: true })
    assert.ok(store.ok)
    const page = await store.value.ledger.read({ type: 'admin' })
    const policy = await store.value.documents.get('policy', body.policyVersion)
    await store.value.close()
    assert.ok(page.ok)
    const events = page.value.rows.map(({ payload }) => JSON.parse(payload ?? '{}'))
    const reloads = events.filter(({ action }) => action === 'config-reloaded')
    assert.equal(reloads.length, 1)
    assert.equal(
      reloads[0].subject,
      `policy:${body.policyVersion} catalogue:${body.catalogueVersion}`,
    )
    assert.notEqual(reloads[0].actor, 'system')
    assert.equal(JSON.parse(policy?.json ?? '{}').floor, 'internal')
  })

  test('tells what waits for a restart and leaves it as it is', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    gateway.write(cloudConfig(upstream.url, 'trusted_proxies: [10.0.0.1]\nfloor: internal\n'))
    const { body } = await gateway.reload()
    assert.deepEqual([body.applied, body.restart], [['floor'], ['trusted_proxies']])
    assert.deepEqual((await gateway.reload()).body.restart, ['trusted_proxies'])
  })

  test('happens by itself when the content of the file changes, and on SIGHUP', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url), { follows: true })
    gateway.write(`${cloudConfig(upstream.url)}floor: [\n`)
    const problem = await gateway.line('config-problem')
    assert.match(String(problem['where']), /ecluse\.yaml:\d+:\d+/)
    gateway.write(cloudConfig(upstream.url, 'floor: internal\n'))
    const reloaded = await gateway.line('config-reloaded')
    assert.deepEqual([reloaded['actor'], reloaded['applied']], ['system', 'floor'])
    gateway.write(cloudConfig(upstream.url, 'floor: internal\nhosts: [signal.example]\n'))
    process.kill(process.pid, 'SIGHUP')
    await new Promise<void>((resolve) => {
      const look = (): void => {
        const found = gateway.lines().some((line) => line['applied'] === 'hosts')
        if (found) resolve()
        else setImmediate(look)
      }
      look()
    })
  })

  test('needs the scope of an administrator', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await reloadableGateway(t, cloudConfig(upstream.url))
    const made = await gateway.house.identity.keys.create(OWNER, {
      name: 'plain',
      scopes: ['inference', 'audit'],
    })
    assert.ok(made.ok)
    const response = await fetch(`${gateway.url}/api/reload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.value.key}` },
    })
    assert.equal(response.status, 403)
  })
})

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import type { NewKey } from '#identity/keys.ts'
import type { CreatedKey } from '#identity/keys.ts'
import type { DecisionRow } from '#ledger/decision-row.ts'
import { openStore } from '#store/sqlite/open.ts'
import { OWNER } from '../src/main/core.ts'
import {
  ask,
  chat,
  cloudConfig,
  errorOf,
  testGateway,
  type TestGateway,
} from './support/gateway.ts'
import { json, startUpstream, type Upstream } from './support/upstream.ts'

async function house(t: TestContext): Promise<{ gateway: TestGateway; upstream: Upstream }> {
  const upstream = await startUpstream(t)
  return { gateway: await testGateway(t, cloudConfig(upstream.url)), upstream }
}

async function keyOf(gateway: TestGateway, wanted: Partial<NewKey> = {}): Promise<CreatedKey> {
  const made = await gateway.house.identity.keys.create(OWNER, { name: 'a key', ...wanted })
  assert.ok(made.ok, made.ok ? '' : made.error.code)
  return made.value
}

const codeWith = async (
  gateway: TestGateway,
  key: string,
  body: object = ask('hello'),
): Promise<string> => {
  const response = await chat({ url: gateway.url, key }, { body })
  if (response.ok) {
    await response.body?.cancel()
    return 'ok'
  }
  return response.headers.get('x-ecluse-error') ?? (await errorOf(response)).code
}

describe('what a key is limited to', () => {
  test('surface and model are refused before anything is read or recorded', async (t) => {
    const { gateway, upstream } = await house(t)
    const { key } = await keyOf(gateway, { restrictions: { surfaces: ['openai-embeddings'] } })
    assert.equal(await codeWith(gateway, key), 'surface-not-allowed')
    const narrow = await keyOf(gateway, { restrictions: { models: ['other-*'] } })
    assert.equal(
      await codeWith(gateway, narrow.key, ask('hi', { model: 'm' })),
      'model-not-allowed',
    )
    const wide = await keyOf(gateway, { restrictions: { models: ['cloud/*'] } })
    assert.equal(await codeWith(gateway, wide.key, ask('hi', { model: 'm' })), 'ok')
    assert.equal(await codeWith(gateway, wide.key, ask('hi')), 'ok')
    assert.equal(upstream.seen.length, 2)
  })

  test('lists of models show what the key may use, in every dialect', async (t) => {
    const { gateway } = await house(t)
    const { key } = await keyOf(gateway, { restrictions: { models: ['other-*'] } })
    const all = await keyOf(gateway)
    const namesIn = async (path: string, presented: string): Promise<string> => {
      const response = await fetch(`${gateway.url}${path}`, {
        headers: { authorization: `Bearer ${presented}` },
      })
      return response.text()
    }
    for (const path of ['/v1/models', '/api/tags', '/v1beta/models']) {
      assert.match(await namesIn(path, all.key), /"(?:models\/)?m(?::latest)?"/, path)
      assert.doesNotMatch(await namesIn(path, key), /"(?:models\/)?m(?::latest)?"/, path)
    }
    assert.match(await namesIn('/v1/models/m', key), /unknown-model|model_not_found/)
  })

  test('a class above the key has a refusal of its own, and a decision that can be replayed', async (t) => {
    const { gateway, upstream } = await house(t)
    const { key, view } = await keyOf(gateway, { restrictions: { maxClass: 'public' } })
    assert.equal(await codeWith(gateway, key), 'ok')
    assert.equal(
      await codeWith(gateway, key, ask('write to camille.bernard@example.org')),
      'class-above-key',
    )
    assert.equal(upstream.seen.length, 1)
    const page = await gateway.house.decisions({ tenant: 'default', key: view.id })
    assert.ok(page.ok)
    assert.deepEqual(
      page.value.rows.map(({ refusal }) => refusal),
      ['class-above-key', null],
    )
  })

  test('zones of the key bind whatever the caller asks for', async (t) => {
    const { gateway, upstream } = await house(t)
    const { key } = await keyOf(gateway, { restrictions: { zones: ['device', 'on-prem'] } })
    assert.equal(await codeWith(gateway, key), 'no-eligible-destination')
    assert.deepEqual(upstream.seen, [])
  })

  test('an address outside the key is kept out, also with its session', async (t) => {
    const { gateway } = await house(t)
    const far = await keyOf(gateway, { restrictions: { addresses: ['192.0.2.0/24'] } })
    assert.equal(await codeWith(gateway, far.key), 'address-not-allowed')
    const near = await keyOf(gateway, { restrictions: { addresses: ['127.0.0.0/8', '::1'] } })
    assert.equal(await codeWith(gateway, near.key), 'ok')
  })
})

describe('what a key belongs to', () => {
  test('disabling team, application, person or organisation ends its keys at once, enabling brings them back', async (t) => {
    const { gateway } = await house(t)
    const { directory } = gateway.house.identity
    assert.ok((await directory.createTeam(OWNER, { id: 'research', name: 'Research' })).ok)
    const app = { id: 'bot', name: 'Bot', team: 'research', purpose: 'answering' }
    assert.ok((await directory.createApplication(OWNER, app)).ok)
    const person = await directory.createPerson(OWNER, { name: 'Ada', roles: ['developer'] })
    assert.ok(person.ok)
    const other = await directory.createOrganisation(OWNER, { id: 'other', name: 'Other' })
    assert.ok(other.ok)
    const bot = await keyOf(gateway, { application: 'bot' })
    const ada = await keyOf(gateway, { person: person.value.id })
    const cases = [
      ['team', 'research', bot.key],
      ['application', 'bot', bot.key],
      ['person', person.value.id, ada.key],
      ['organisation', 'other', other.value.owner.key],
    ] as const
    for (const [kind, id, key] of cases) {
      assert.equal(await codeWith(gateway, key), 'ok', kind)
      assert.ok((await directory.setEnabled(OWNER, kind, id, false)).ok)
      assert.equal(await codeWith(gateway, key), 'access-disabled', kind)
      assert.ok((await directory.setEnabled(OWNER, kind, id, true)).ok)
      assert.equal(await codeWith(gateway, key), 'ok', kind)
    }
  })

  test('the evidence of a request names the team and the application', async (t) => {
    const { gateway } = await house(t)
    const { directory } = gateway.house.identity
    await directory.createTeam(OWNER, { id: 'research', name: 'Research' })
    await directory.createApplication(OWNER, { id: 'bot', name: 'Bot', team: 'research' })
    const seen = new Promise<DecisionRow>((resolve) => {
      const stop = gateway.house.live('default', (event) => {
        if (event.kind === 'decision') resolve(event.row)
      })
      t.after(stop)
    })
    const { key } = await keyOf(gateway, { application: 'bot', purpose: 'triage' })
    assert.equal(await codeWith(gateway, key), 'ok')
    const row = await seen
    assert.deepEqual([row.team, row.application], ['research', 'bot'])
    const caller = await gateway.house.identity.authenticate(key, '127.0.0.1')
    assert.ok(caller.ok)
    const { team, application, purpose } = caller.value
    assert.deepEqual([team, application, purpose], ['research', 'bot', 'triage'])
  })
})

describe('an answer that runs', () => {
  /** Says one word, then nothing until it is cut. */
  const endless: Upstream['act'] = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(
      'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"one"},"finish_reason":null}]}\n\n',
    )
  }

  test('ends with an error frame when its key is revoked, and the destination is let go', async (t) => {
    const { gateway, upstream } = await house(t)
    const closed = new Promise<void>((resolve) => {
      upstream.act = (response, seen) => {
        response.once('close', resolve)
        endless(response, seen)
      }
    })
    const { key, view } = await keyOf(gateway)
    const response = await chat({ url: gateway.url, key }, { body: ask('hi', { stream: true }) })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    assert.ok(reader)
    assert.match((await reader.read()).value ?? '', /one/)
    assert.ok((await gateway.house.identity.keys.revoke(OWNER, view.id)).ok)
    let rest = ''
    for (;;) {
      const piece = await reader.read()
      if (piece.done) break
      rest += piece.value
    }
    assert.match(rest, /"code":"key-expired"|key-expired|expired or was revoked/)
    assert.doesNotMatch(rest, /\[DONE\]/, 'never a clean end')
    await closed
  })

  test('that was not shown yet becomes a refusal', async (t) => {
    const { gateway, upstream } = await house(t)
    const asked = new Promise<void>((resolve) => {
      upstream.act = () => resolve()
    })
    const { key, view } = await keyOf(gateway)
    const answer = codeWith(gateway, key)
    await asked
    assert.ok((await gateway.house.identity.keys.revoke(OWNER, view.id)).ok)
    assert.equal(await answer, 'key-expired')
  })

  test('ends when the team of its key is disabled', async (t) => {
    const { gateway, upstream } = await house(t)
    upstream.act = endless
    const { directory } = gateway.house.identity
    await directory.createTeam(OWNER, { id: 'research', name: 'Research' })
    const { key } = await keyOf(gateway, { team: 'research' })
    const response = await chat({ url: gateway.url, key }, { body: ask('hi', { stream: true }) })
    const text = response.text()
    while (upstream.seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await directory.setEnabled(OWNER, 'team', 'research', false)
    assert.doesNotMatch(await text, /\[DONE\]/)
  })
})

describe('organisations', () => {
  test('see nothing of each other: keys, people, decisions', async (t) => {
    const { gateway } = await house(t)
    const { directory, keys } = gateway.house.identity
    const other = await directory.createOrganisation(OWNER, { id: 'other', name: 'Other' })
    assert.ok(other.ok)
    const { key } = other.value.owner
    const ours = await keyOf(gateway)
    const person = await directory.createPerson(OWNER, { name: 'Ada', email: 'Ada@Example.org' })
    assert.ok(person.ok)
    assert.equal(person.value.email, 'ada@example.org')
    assert.equal(await codeWith(gateway, ours.key), 'ok')
    const get = async (path: string, method = 'GET'): Promise<[number, unknown]> => {
      const response = await fetch(gateway.url + path, {
        method,
        headers: { authorization: `Bearer ${key}` },
      })
      const text = await response.text()
      return [response.status, text === '' ? null : JSON.parse(text)]
    }
    const [, listed] = await get('/api/keys')
    assert.deepEqual(
      (listed as { keys: { tenant: string }[] }).keys.map(({ tenant }) => tenant), // the shape is what is tested
      ['other'],
    )
    assert.equal((await get(`/api/keys/${ours.view.id}`))[0], 404)
    assert.equal((await get(`/api/keys/${ours.view.id}`, 'DELETE'))[0], 404)
    assert.equal((await get(`/api/people/${person.value.id}`))[0], 404)
    assert.deepEqual((await get('/api/people'))[1], { people: [], next: null })
    assert.equal((await get(`/api/people/${person.value.id}/disable`, 'POST'))[0], 404)
    const page = await gateway.house.decisions({ tenant: 'default' })
    assert.ok(page.ok)
    const [decision] = page.value.rows
    assert.ok(decision)
    assert.equal((await get(`/api/decisions/${decision.id}`))[0], 404)
    assert.deepEqual((await get('/api/decisions'))[1], { decisions: [], next: null })
    const still = await keys.one(OWNER, ours.view.id)
    assert.ok(still.ok)
    assert.equal(still.value.revokedAt, null)
  })
})

describe('credentials of destinations', () => {
  test('are sent instead of those of the file, never read back, and gone when removed', async (t) => {
    const { gateway, upstream } = await house(t)
    upstream.act = (response) => json(response, 200, ANSWER)
    const sent = async (): Promise<unknown> => {
      assert.equal(await codeWith(gateway, gateway.key), 'ok')
      return upstream.seen.at(-1)?.headers.authorization
    }
    const call = (method: string, body?: object): Promise<Response> =>
      fetch(`${gateway.url}/api/credentials/cloud`, {
        method,
        headers: {
          authorization: `Bearer ${gateway.key}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    assert.equal(await sent(), 'Bearer test-cloud-key')
    const value = ['sealed', 'value', 'one'].join('-')
    assert.equal((await call('PUT', { value })).status, 204)
    assert.equal(await sent(), `Bearer ${value}`)
    const listed = await fetch(`${gateway.url}/api/credentials`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    const text = await listed.text()
    assert.match(text, /"id":"cloud"/)
    assert.doesNotMatch(text, /sealed-value/)
    assert.equal((await call('DELETE')).status, 204)
    assert.equal(await sent(), 'Bearer test-cloud-key')
    assert.equal((await call('DELETE')).status, 404)
  })
})

const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'cloud-1',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
}

describe('a session', () => {
  const signIn = async (gateway: TestGateway): Promise<string> => {
    const response = await fetch(`${gateway.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: gateway.key }),
    })
    const cookie = response.headers.get('set-cookie') ?? ''
    assert.match(cookie, /HttpOnly/)
    assert.match(cookie, /SameSite=Strict/)
    assert.match(cookie, /Path=\//)
    return cookie.split(';')[0] ?? ''
  }

  test('changes something only when the request says that it comes from our own page', async (t) => {
    const { gateway } = await house(t)
    const cookie = await signIn(gateway)
    const make = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${gateway.url}/api/keys`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ name: 'x' }),
      })
    assert.equal((await make({})).status, 403)
    assert.equal((await make({ origin: 'https://evil.example' })).status, 403)
    assert.equal((await make({ origin: gateway.url })).status, 201)
    const plain = await fetch(`${gateway.url}/api/keys`, { headers: { cookie } })
    assert.equal(plain.status, 200, 'reading needs no origin')
  })

  test('is listed, ended from outside, and then opens nothing', async (t) => {
    const { gateway } = await house(t)
    const cookie = await signIn(gateway)
    const { identity } = gateway.house
    const [session, ...others] = await identity.sessions.list({ tenant: 'default' })
    assert.ok(session)
    assert.deepEqual(others, [])
    assert.ok((await identity.endSession(OWNER, session.id)).ok)
    const after = await fetch(`${gateway.url}/api/keys`, { headers: { cookie } })
    assert.equal(after.status, 401)
  })

  test('sign-ins are in the ledger, those that were refused too', async (t) => {
    const { gateway } = await house(t)
    const { identity } = gateway.house
    const seen: string[] = []
    const opened = await identity.openSession(gateway.key, '127.0.0.1')
    const refused = await identity.openSession('ecl_wrong', '127.0.0.1')
    assert.ok(opened.ok && !refused.ok)
    await gateway.house.decisions({ tenant: 'default' })
    const store = openStore({ path: join(gateway.home, 'ecluse.db'), readOnly: true })
    assert.ok(store.ok)
    const page = await store.value.ledger.read({ type: 'sign-in' })
    assert.ok(page.ok)
    for (const { payload } of page.value.rows) seen.push(payload ?? '')
    await store.value.close()
    const [second = '', first = ''] = seen
    assert.match(first, /"outcome":"opened"/)
    assert.match(first, new RegExp(`"subject":"${opened.value.caller.keyId}"`))
    assert.match(second, /"code":"invalid-key".*"outcome":"refused"/)
    assert.doesNotMatch(seen.join(''), /ecl_/, 'and never a key')
  })
})

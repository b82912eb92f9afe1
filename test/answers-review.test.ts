import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { readEvent } from '#ledger/read-event.ts'
import { openStore } from '#store/sqlite/open.ts'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { startGateway } from '../src/main/start-gateway.ts'
import {
  ask,
  chat,
  cloudConfig,
  configOf,
  errorOf,
  testGateway,
  testHome,
  type TestGateway,
} from './support/gateway.ts'
import { post } from './support/anthropic.ts'
import { ANSWER, frame, json, startUpstream, type Act } from './support/upstream.ts'

const TOKEN = ['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-')
const TEXT = `Le jeton : ${TOKEN}. CONFIDENTIEL`

const says =
  (text: string): Act =>
  (response, { body }) => {
    const [choice] = ANSWER.choices
    if (!body.includes('"stream":true'))
      return json(response, 200, {
        ...ANSWER,
        choices: [{ ...choice, message: { role: 'assistant', content: text } }],
      })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame({ role: 'assistant', content: text.slice(0, 9) }))
    response.write(frame({ content: text.slice(9) }))
    response.write(frame({}, 'stop'))
    response.end('data: [DONE]\n\n')
  }

const rules = (more: string): string => `policy:
  rules:
    - {id: let-out, match: {classes: [public, internal]}, allow: {zones: [device, on-prem, managed]}}
    - {id: people-read, match: {}, ${more}}`

async function house(t: TestContext, more: string, text = TEXT) {
  const upstream = await startUpstream(t, says(text))
  return testGateway(t, cloudConfig(upstream.url, rules(more)))
}

const call = (
  gateway: TestGateway,
  method: string,
  path: string,
  body?: unknown,
  key = gateway.key,
) =>
  fetch(`${gateway.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

/** A key of somebody else, with these grants. */
async function keyOf(
  gateway: TestGateway,
  grants: readonly string[],
  more: object = {},
): Promise<string> {
  const made = await call(gateway, 'POST', '/api/keys', {
    name: grants.join(),
    scopes: grants,
    ...more,
  })
  const { key } = (await made.json()) as { key?: string } // a key is told once
  assert.ok(key, `${made.status}`)
  return key
}

const idIn = (message: string): string => /reviews\/([\da-f-]{36})/.exec(message)?.[1] ?? ''

async function heldId(gateway: TestGateway, key: string, more: object = {}): Promise<string> {
  const held = await chat({ url: gateway.url, key }, { body: ask('Bonjour', more) })
  assert.equal(held.status, 403)
  assert.equal(held.headers.get('x-should-retry'), 'false')
  const error = await errorOf(held)
  assert.equal(error.code, 'held-for-review')
  return idIn(error.message)
}

describe('an answer that a person reads first', () => {
  test('is released as the whole answer of its surface, to who asked and nobody else', async (t) => {
    const gateway = await house(t, 'answers: {markings: review, secrets: mask}')
    const [caller, other, reviewer] = [
      await keyOf(gateway, ['inference']),
      await keyOf(gateway, ['inference']),
      await keyOf(gateway, ['security']),
    ]
    const id = await heldId(gateway, caller)
    const waiting = await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, caller)
    assert.equal(waiting.status, 202)
    assert.deepEqual(await waiting.json(), { review: { id, state: 'waiting', reason: null } })
    assert.equal(
      (await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, other)).status,
      404,
    )

    const list = (await (
      await call(gateway, 'GET', '/api/reviews?state=waiting', undefined, reviewer)
    ).json()) as { reviews: { id: string; found: object }[] }
    assert.deepEqual(
      list.reviews.map((row) => [row.id, row.found]),
      [[id, { secrets: 1, markings: 1 }]],
    )
    assert.ok(!JSON.stringify(list).includes(TOKEN))
    const shown = (await (
      await call(gateway, 'GET', `/api/reviews/${id}`, undefined, reviewer)
    ).json()) as { text: string }
    assert.equal(
      shown.text,
      'Le jeton : [SECRET removed]. CONFIDENTIEL',
      'other duties hold for the reviewer too',
    )

    assert.equal(
      (await call(gateway, 'POST', `/api/reviews/${id}/approve`, {}, reviewer)).status,
      200,
    )
    assert.equal(
      (await call(gateway, 'POST', `/api/reviews/${id}/refuse`, { reason: 'x' }, reviewer)).status,
      409,
    )
    const released = await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, caller)
    assert.equal(released.status, 200)
    const body = (await released.json()) as typeof ANSWER
    assert.equal(body.object, 'chat.completion')
    assert.equal(body.choices[0]?.message.content, 'Le jeton : [SECRET removed]. CONFIDENTIEL')
    assert.equal(
      (await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, other)).status,
      404,
    )

    await gateway.stop()
    const opened = openStore({ path: join(gateway.home, 'ecluse.db'), readOnly: true })
    assert.ok(opened.ok)
    const told: unknown[] = []
    for (const { writer } of await opened.value.ledger.heads()) {
      for await (const { record } of opened.value.ledger.walk(writer, 1)) {
        const event = record && readEvent(record.payload)
        if (event?.type === 'review') told.push([event.decision, event.verdict])
        if (event?.type === 'admin' && event.action === 'review-read')
          told.push([event.subject, 'read'])
      }
    }
    const kept = await opened.value.heldAnswers.get('default', id)
    assert.ok(kept && !Buffer.from(kept.sealed).includes('CONFIDENTIEL'), 'what is kept is sealed')
    await opened.value.close()
    assert.deepEqual(told, [
      [id, 'read'],
      [id, 'approved'],
    ])
  })

  test('is released to the application and the person that asked, by another key that is not limited', async (t) => {
    const gateway = await house(t, 'duties: [review]')
    const made = async (path: string, body: object): Promise<void> => {
      const { status } = await call(gateway, 'POST', path, body)
      assert.ok(status < 300, `${path} ${status}`)
    }
    const roles = ['developer', 'security']
    for (const id of ['nightly', 'daily']) await made('/api/applications', { id, name: id, roles })
    const service = (application: string, more: object = {}, grants = ['inference']) =>
      keyOf(gateway, grants, { application, ...more })
    const limited = (restrictions: object) => service('nightly', { restrictions })
    const [asker, reviewer] = [await service('nightly'), await keyOf(gateway, ['security'])]
    const id = await heldId(gateway, asker)
    const own = await service('nightly', {}, ['inference', 'security'])
    const barred = await call(gateway, 'POST', `/api/reviews/${id}/approve`, {}, own)
    assert.deepEqual([barred.status, (await errorOf(barred)).code], [403, 'four-eyes'])
    await call(gateway, 'POST', `/api/reviews/${id}/approve`, {}, reviewer)
    const fetched = async (key: string): Promise<number> =>
      (await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, key)).status
    assert.equal(await fetched(asker), 200)
    assert.equal(await fetched(await service('nightly')), 200)
    for (const key of [
      await service('daily'),
      await keyOf(gateway, ['inference']),
      await service('nightly', { purpose: 'other' }),
      await limited({ models: ['m'] }),
      await limited({ zones: ['device'] }),
      await limited({ surfaces: ['openai-chat'] }),
    ])
      assert.equal(await fetched(key), 404)
    assert.equal(
      await fetched(await limited({ maxClass: 'public' })),
      403,
      'the label counts again',
    )

    const ada = await call(gateway, 'POST', '/api/people', { name: 'Ada', roles: ['developer'] })
    const { id: adaId } = (await ada.json()) as { id: string }
    const person = () => keyOf(gateway, ['inference'], { person: adaId })
    const hers = await heldId(gateway, await person())
    const again = (key: string) =>
      call(gateway, 'GET', `/v1/ecluse/reviews/${hers}`, undefined, key)
    assert.equal((await again(await person())).status, 202)
    assert.equal((await again(asker)).status, 404)
  })

  test('is edited or refused with a reason, on a stream and on another surface', async (t) => {
    const gateway = await house(t, 'duties: [review]')
    const [caller, reviewer] = [
      await keyOf(gateway, ['inference']),
      await keyOf(gateway, ['data-protection']),
    ]
    const edited = await heldId(gateway, caller, { stream: true })
    assert.equal(
      (
        await call(
          gateway,
          'POST',
          `/api/reviews/${edited}/edit`,
          { text: 'Rien à "dire".\n' },
          reviewer,
        )
      ).status,
      200,
    )
    const fetched = await call(gateway, 'GET', `/v1/ecluse/reviews/${edited}`, undefined, caller)
    assert.equal(
      ((await fetched.json()) as typeof ANSWER).choices[0]?.message.content,
      'Rien à "dire".\n',
    )

    const held = await post({ url: gateway.url, key: caller }, '/v1/messages', {
      model: 'auto',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Bonjour' }],
    })
    const { error } = (await held.json()) as {
      error: { message: string; details: { error_code: string } }
    }
    assert.equal(error.details.error_code, 'held-for-review')
    const id = idIn(error.message)
    assert.equal(
      (await call(gateway, 'POST', `/api/reviews/${id}/refuse`, { reason: 'Pas ici.' }, reviewer))
        .status,
      200,
    )
    const refused = await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, caller)
    assert.equal(refused.status, 403)
    const told = (await refused.json()) as { error: { code: string }; review: object }
    assert.deepEqual(
      [told.error.code, told.review],
      ['answer-withheld', { id, state: 'refused', reason: 'Pas ici.' }],
    )
  })

  test('is not decided by who asked, nor read beyond a key, nor kept where nothing may be', async (t) => {
    const gateway = await house(t, 'duties: [review]')
    const own = await heldId(gateway, gateway.key)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['POST', '/approve', {}],
    ] as const) {
      const barred = await call(gateway, method, `/api/reviews/${own}${path}`, body)
      assert.deepEqual([barred.status, (await errorOf(barred)).code], [403, 'four-eyes'])
    }
    const low = await keyOf(gateway, ['security'], { restrictions: { maxClass: 'internal' } })
    const barred = await call(gateway, 'GET', `/api/reviews/${own}`, undefined, low)
    assert.deepEqual([barred.status, (await errorOf(barred)).code], [403, 'class-above-key'])
    assert.equal(
      (await call(gateway, 'GET', '/api/reviews', undefined, await keyOf(gateway, ['inference'])))
        .status,
      403,
    )

    const silent = await house(t, 'duties: [review, no-store]')
    const withheld = await chat(silent, { body: ask('Bonjour') })
    assert.equal((await errorOf(withheld)).code, 'answer-withheld')
  })

  test('is clean and comes at once where only what it holds would stop it', async (t) => {
    const gateway = await house(t, 'answers: {markings: review}', 'Rien de tel ici.')
    for (const stream of [false, true]) {
      const answer = await chat(gateway, { body: ask('Bonjour', { stream }) })
      assert.equal(answer.status, 200)
      assert.match(await answer.text(), /Rien de|tel ici/)
    }
  })

  test('goes with its owner when that is erased', async (t) => {
    const gateway = await house(t, 'duties: [review]')
    const caller = await keyOf(gateway, ['inference'])
    const id = await heldId(gateway, caller)
    const keys = (await (await call(gateway, 'GET', '/api/reviews')).json()) as {
      reviews: { caller: string }[]
    }
    const erased = await call(gateway, 'POST', '/api/evidence/erase', {
      key: keys.reviews[0]?.caller,
    })
    assert.deepEqual(await erased.json(), { texts: 1, records: 0 })
    assert.equal(
      (await call(gateway, 'GET', `/v1/ecluse/reviews/${id}`, undefined, caller)).status,
      404,
    )
  })

  test('is handed over by a worker to the process that keeps it', async (t) => {
    const upstream = await startUpstream(t, says(TEXT))
    const home = testHome(t)
    const started = await startGateway(
      configOf(home, cloudConfig(upstream.url, rules('duties: [review]'))),
      { version: '0.0.0-test', root: home, environment: {}, workers: 1, note: () => {} },
    )
    assert.ok(started.ok)
    t.after(() => started.value.stop())
    const { url, adminKeyFile } = started.value
    const key = readFileSync(adminKeyFile, 'utf8').trim()
    const error = await errorOf(await chat({ url, key }, { body: ask('Bonjour') }))
    assert.equal(error.code, 'held-for-review')
    const headers = { authorization: `Bearer ${key}` }
    const waiting = await fetch(`${url}/v1/ecluse/reviews/${idIn(error.message)}`, { headers })
    assert.equal(waiting.status, 202)
  })
})

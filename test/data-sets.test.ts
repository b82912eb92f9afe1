import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import type { AdminEvent } from '../src/ledger/event.ts'
import { readEvent } from '../src/ledger/read-event.ts'
import { openStore } from '../src/store/sqlite/open.ts'
import { cloudConfig, testGateway } from './support/gateway.ts'

const List = z.object({
  dataSets: z.array(z.looseObject({ name: z.string(), version: z.string() })),
  next: z.string().nullable(),
})

test('a company registers its data sets: filtered, in provenance, stack and bill, told by the ledger', async (t) => {
  const gateway = await testGateway(t, cloudConfig('http://127.0.0.1:9/v1'))
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${gateway.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, text: await answer.text() }
  }
  const list = async (query = '') =>
    List.parse(JSON.parse((await ask('GET', `/datasets${query}`)).text))
  const tickets = {
    origin: 'Tickets of 2025, names removed',
    location: 's3://data/tickets',
    licence: 'CC-BY-4.0',
    class: 'internal',
    personalData: 'no',
    models: [{ model: 'm', use: 'tuning' }],
  }
  const path = '/datasets/tickets%402026-06'
  assert.equal((await ask('PUT', path, tickets)).status, 200)
  assert.match((await ask('PUT', path, tickets)).text, /"isNew":false/)
  const other = { ...tickets, origin: 'Others' }
  const taken = await ask('PUT', path, other)
  assert.equal(taken.status, 409)
  assert.match(taken.text, /--replace/)
  assert.equal((await ask('PUT', `${path}?replace=true`, other)).status, 200)
  for (const version of ['1', '2', '3'])
    await ask('PUT', `/datasets/calls%40${version}`, { origin: 'Calls', digest: 'ab'.repeat(32) })
  const wrong = await ask('PUT', '/datasets/x%401', { origin: 'x', location: 'https://a:b@c/' })
  assert.equal(wrong.status, 400)
  assert.ok(!wrong.text.includes('a:b'))
  assert.equal((await ask('PUT', '/datasets/no-version', tickets)).status, 400)

  const first = await list('?limit=2')
  assert.deepEqual(
    first.dataSets.map(({ version }) => version),
    ['1', '2'],
  )
  assert.equal(first.next, 'calls@2')
  assert.equal((await list(`?after=${encodeURIComponent(first.next)}`)).dataSets.length, 2)
  for (const query of [
    '?model=m&use=tuning',
    '?class=internal',
    '?licence=CC-BY-4.0',
    '?text=OTHERS',
  ])
    assert.deepEqual(
      (await list(query)).dataSets.map(({ name }) => name),
      ['tickets'],
      query,
    )
  assert.equal((await list('?model=m&use=evaluation')).dataSets.length, 0)
  assert.equal((await ask('GET', '/datasets?class=secret')).status, 400)

  assert.match(
    (await ask('GET', '/models/m/provenance')).text,
    /"dataSets":\[\{"dataSet":\{"name":"tickets"/,
  )
  assert.match((await ask('GET', '/stack')).text, /"id":"dataset:tickets@2026-06"/)
  const bom = (await ask('GET', '/bom')).text
  assert.match(bom, /"datasets":\[[^\]]*\{"ref":"dataset:tickets@2026-06"\}/)
  assert.match((await ask('GET', '/bom?format=spdx3')).text, /dataset%3Atickets%402026-06/)

  assert.equal((await ask('DELETE', '/datasets/calls%401')).status, 200)
  assert.equal((await ask('DELETE', '/datasets/calls%401')).status, 404)
  assert.equal((await ask('GET', '/datasets/calls%401')).status, 404)
  await gateway.stop()
  const told: AdminEvent[] = []
  const opened = openStore({ path: join(gateway.home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  for await (const { record } of opened.value.ledger.walk('gateway', 1)) {
    const event = readEvent(record?.payload ?? null)
    if (event?.type === 'admin' && event.action.startsWith('data-set-')) told.push(event)
  }
  await opened.value.close()
  assert.deepEqual(
    told.map(({ action, subject }) => [action, subject]),
    [
      ['data-set-registered', 'tickets@2026-06'],
      ['data-set-changed', 'tickets@2026-06'],
      ['data-set-registered', 'calls@1'],
      ['data-set-registered', 'calls@2'],
      ['data-set-registered', 'calls@3'],
      ['data-set-removed', 'calls@1'],
    ],
  )
  assert.ok(!JSON.stringify(told).includes('names removed'))
})

import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import type { Destination } from '#kernel/destination.ts'
import { countingBytes, countingIds } from '#ledger/samples.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { packBill } from '#models/bom/kept-bill.ts'
import { stackOf } from '#models/stack/stack.ts'
import { openStore } from '#store/sqlite/open.ts'
import { temporaryDirectory } from '#store/sqlite/temporary.ts'
import { keepBills } from './bill-keeper.ts'

const DAY = 86_400_000
const START = Date.parse('2025-01-10T00:00:00Z')

const destination = (model: string): Destination => ({
  id: 'gpu',
  dialect: 'openai',
  address: { kind: 'url', baseUrl: 'http://gpu.internal/v1' },
  zone: 'on-prem',
  jurisdiction: 'local',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [{ name: model, upstream: model }],
})

/** A keeper over a real database, whose models and clock the test sets. */
async function opened(t: TestContext) {
  const home = temporaryDirectory()
  t.after(() => home.remove())
  const path = join(home.path, 'ecluse.db')
  const opening = openStore({ path })
  ok(opening.ok)
  const store = opening.value
  t.after(() => store.close())
  const state = { now: START, models: ['one'] }
  const clock = () => state.now
  const ledgerOf = (writer: string) =>
    createLedgerWriter({
      store: store.ledger,
      writer,
      clock,
      newId: countingIds(clock),
      randomBytes: countingBytes(),
      head: null,
    })
  const gateway = (name = 'gateway', models = () => state.models) => {
    const ledger = ledgerOf(name)
    return keepBills({
      core: {
        store,
        clock,
        newId: countingIds(clock),
        ledger,
        async houseEvent(event) {
          const recorded = ledger.append(event, { tenant: 'default' })
          return recorded.ok ? recorded.value.durable : recorded
        },
      },
      log: () => {},
      models: () => home.path,
      version: () => models().join(),
      look: () =>
        Promise.resolve({
          engines: [],
          components: stackOf({ destinations: models().map(destination), engines: [], own: [] }),
        }),
    })
  }
  return { store, path, state, gateway }
}

const all = { limit: 100 }

test('a bill is kept when it says something else, once, and can be had of any day', async (t) => {
  const { state, gateway, store } = await opened(t)
  const { admin } = gateway()
  deepEqual(await admin.keep('local'), { ok: true, value: { isNew: true } })
  state.now += DAY
  deepEqual(await admin.keep('local'), { ok: true, value: { isNew: false } })
  state.models = ['two']
  deepEqual(await admin.keep('local'), { ok: true, value: { isNew: true } })
  state.now += DAY
  state.models = ['one']
  deepEqual(await admin.keep('system'), { ok: true, value: { isNew: true } })
  const { bills } = await admin.list(all)
  deepEqual(
    bills.map(({ at, state: what, actor, gateway: of }) => [(at - START) / DAY, what, actor, of]),
    [
      [2, 'kept', 'system', 'gateway'],
      [1, 'kept', 'local', 'gateway'],
      [0, 'kept', 'local', 'gateway'],
    ],
  )
  equal((await store.bills.digests()).length, 2, 'the same one is there once')
  const then = await admin.at({ before: START + DAY + 1 }, undefined)
  ok(then.ok)
  equal(then.value.id, bills[1]?.id)
  equal(then.value.bom?.['serialNumber'], `urn:uuid:${then.value.id}`)
  equal(packBill(then.value.bom ?? {}).digest, then.value.digest)
  ok(JSON.stringify(then.value.bom).includes('model:gpu/two'))
  const early = await admin.at({ before: START }, undefined)
  equal(early.ok ? null : early.error.code, 'bill-not-kept')
  // pages
  const first = await admin.list({ limit: 2 })
  deepEqual(
    (await admin.list({ limit: 2, after: first.next ?? '' })).bills.map(({ id }) => id),
    [bills[2]?.id],
  )
})

test('a process that begins keeps nothing that was kept, and two that differ do not take turns', async (t) => {
  const { state, gateway } = await opened(t)
  await gateway().admin.keep('local')
  state.now += DAY
  // the same program again, and a second gateway of the same composition
  const [again, same] = [gateway('second'), gateway('third')]
  deepEqual(await again.admin.keep('system'), { ok: true, value: { isNew: false } })
  deepEqual(await same.admin.keep('system'), { ok: true, value: { isNew: false } })
  const other = gateway('fourth', () => ['other'])
  deepEqual(await other.admin.keep('system'), { ok: true, value: { isNew: true } })
  state.now += DAY
  for (const one of [again, other, again, other]) {
    deepEqual(await one.admin.keep('system'), { ok: true, value: { isNew: false } })
  }
  const { bills } = await other.admin.list({ ...all, gateway: 'fourth' })
  equal(bills.length, 1)
  const then = await other.admin.at({ before: state.now }, 'gateway')
  ok(then.ok && then.value.gateway === 'gateway')
})

test('a bill that was changed, or taken away, in the database is told as such', async (t) => {
  const { state, gateway, path } = await opened(t)
  const { admin } = gateway()
  for (const model of ['one', 'two', 'three']) {
    state.models = [model]
    await admin.keep('local')
    state.now += DAY
  }
  const [, second, first] = (await admin.list(all)).bills
  ok(first && second)
  const database = new DatabaseSync(path)
  const forged = packBill({ bomFormat: 'CycloneDX', components: [] })
  database.prepare('UPDATE bill SET bytes = ? WHERE digest = ?').run(forged.bytes, first.digest)
  database.prepare('DELETE FROM bill WHERE digest = ?').run(second.digest)
  database.close()
  deepEqual(
    (await admin.list(all)).bills.map((one) => one.state),
    ['kept', 'missing', 'altered'],
  )
  const then = await admin.at({ id: first.id }, undefined)
  ok(then.ok)
  deepEqual([then.value.state, then.value.bom], ['altered', null])
  // keeping the same composition again does not paint over it
  state.models = ['one']
  await admin.keep('local')
  equal((await admin.list(all)).bills[3]?.state, 'altered')
})

test('old bills are let go but for the last of each month, which is no tampering', async (t) => {
  const { state, gateway, store } = await opened(t)
  const { admin } = gateway()
  for (const model of ['a', 'b', 'c']) {
    state.models = [model]
    await admin.keep('local')
    state.now += DAY
  }
  state.now += 500 * DAY
  state.models = ['d']
  await admin.keep('local')
  deepEqual(
    (await admin.list(all)).bills.map((one) => one.state),
    ['kept', 'kept', 'let-go', 'let-go'],
  )
  equal((await store.bills.digests()).length, 2)
})

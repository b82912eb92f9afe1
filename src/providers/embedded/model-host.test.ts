import assert from 'node:assert/strict'
import { test } from 'node:test'
import { err, ok } from '#kernel/result.ts'
import { ModelHost } from './model-host.ts'

const never = new AbortController().signal

/** A host of models that remember having been let go. */
function hostOf(maxLoaded: number) {
  const loads: string[] = []
  const gone: string[] = []
  const host = new ModelHost(maxLoaded, async (name) => {
    loads.push(name)
    return ok({
      dispose: async () => {
        gone.push(name)
      },
    })
  })
  return { host, loads, gone }
}

test('a model asked for by many at once is loaded once', async () => {
  const { host, loads } = hostOf(1)
  const used = await Promise.all(Array.from({ length: 5 }, () => host.use('a', never)))
  assert.ok(used.every(({ ok: fine }) => fine))
  assert.deepEqual(loads, ['a'])
})

test('the longest unused model makes room, and only when nobody uses it', async () => {
  const { host, gone } = hostOf(2)
  for (const name of ['a', 'b']) {
    await host.use(name, never)
    host.release(name)
  }
  await host.use('a', never)
  await host.use('c', never)
  assert.deepEqual(gone, ['b'])
  const waiting = host.use('d', never)
  host.release('c')
  assert.ok((await waiting).ok)
  assert.deepEqual(gone, ['b', 'c'])
})

test('a model in steady use still gives way to one that waits', async () => {
  const { host, loads } = hostOf(1)
  await host.use('a', never)
  const other = host.use('b', never)
  const newcomer = host.use('a', never)
  host.release('a')
  assert.ok((await other).ok)
  host.release('b')
  assert.ok((await newcomer).ok)
  assert.deepEqual(loads, ['a', 'b', 'a'])
})

test('one who gives up waiting leaves the model open to others', async () => {
  const { host } = hostOf(1)
  await host.use('a', never)
  const leaving = new AbortController()
  const other = host.use('b', leaving.signal)
  leaving.abort(new Error('left'))
  await assert.rejects(other, /left/)
  assert.ok((await host.use('a', never)).ok)
})

test('a failed load is told to all who wait for it, and may be tried again', async () => {
  let attempts = 0
  const host = new ModelHost(1, async () => {
    attempts++
    return err({ code: 'model-not-ready' })
  })
  const both = await Promise.all([host.use('a', never), host.use('a', never)])
  assert.ok(both.every(({ ok: fine }) => !fine))
  assert.equal(attempts, 1)
  assert.equal((await host.use('a', never)).ok, false)
  assert.equal(attempts, 2)
  assert.deepEqual(host.states(), [])
})

test('a model that writes is not unloaded', async () => {
  const { host, gone } = hostOf(1)
  await host.use('a', never)
  assert.equal((await host.unload('a')).ok, false)
  host.release('a')
  assert.deepEqual(await host.unload('a'), ok(true))
  assert.deepEqual(gone, ['a'])
  assert.deepEqual(await host.unload('a'), ok(false))
})

import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { createAuthenticator } from './authenticate.ts'
import { digestKey } from './derive-key.ts'
import { home, newKey, root } from './open-identity.fixture.ts'

type WithOwner = ReturnType<typeof home>['store']['keys']['withOwner']

/** An authenticator over a store that can fail and be silent, and a clock and a patience that are told. */
async function house(t: TestContext) {
  const { store, ...rest } = home(t)
  const { key, view } = await newKey(rest)
  const time = { now: rest.time.now }
  const asked: string[] = []
  const patience: (() => void)[] = []
  let answer: WithOwner = (id) => store.keys.withOwner(id)
  const authenticator = createAuthenticator({
    store: {
      withOwner: (id) => {
        asked.push(id)
        return answer(id)
      },
    },
    hmacKey: digestKey(root, 'api-keys'),
    clock: () => time.now,
    onUse: () => {},
    sleep: () => new Promise((resolve) => void patience.push(resolve)),
  })
  const ask = async () => {
    const result = await authenticator.authenticate(key, null)
    return result.ok ? 'ok' : result.error.code
  }
  const set = (next: WithOwner): void => void (answer = next)
  return { time, asked, patience, ask, set, authenticator, id: view.id }
}

describe('a store that cannot be asked for a key', () => {
  test('leaves one that was good lately good for a quarter of an hour, and is not asked at every request', async (t) => {
    const { time, asked, ask, set } = await house(t)
    assert.equal(await ask(), 'ok')
    set(() => Promise.reject(new Error('away')))
    time.now += 30_001
    assert.deepEqual([await ask(), await ask(), await ask()], ['ok', 'ok', 'ok'])
    assert.equal(asked.length, 2)
    time.now += 15 * 60_000
    await assert.rejects(ask())
  })

  test('and is silent delays nobody but those of one moment', async (t) => {
    const { time, asked, patience, ask, set } = await house(t)
    assert.equal(await ask(), 'ok')
    set(() => new Promise(() => {}))
    time.now += 30_001
    const waiting = ask()
    await new Promise((resolve) => void setImmediate(resolve))
    for (const end of patience) end()
    assert.equal(await waiting, 'ok')
    assert.equal(await ask(), 'ok')
    assert.equal(asked.length, 2)
  })

  test('does not bring back a key that was forgotten meanwhile', async (t) => {
    const { time, patience, ask, set, authenticator, id } = await house(t)
    assert.equal(await ask(), 'ok')
    set(() => new Promise(() => {}))
    time.now += 30_001
    const waiting = ask()
    await new Promise((resolve) => void setImmediate(resolve))
    authenticator.forget(id)
    for (const end of patience) end()
    await waiting
    set(() => Promise.resolve(null))
    assert.equal(await ask(), 'invalid-key')
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { plainCaller } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import { permissionsOf } from './access.ts'
import { newKeyText, readKeyText } from './api-key-text.ts'
import { home, MACHINE, newKey, randomBytes } from './open-identity.fixture.ts'

const HERE = '127.0.0.1'

const codeOf = (result: Result<unknown, Refusal>) => (result.ok ? 'ok' : result.error.code)

describe('an API key', () => {
  test('is told from a mistyped one without looking it up', () => {
    const { id, key } = newKeyText(randomBytes)
    assert.match(key, /^ecl_[0-9A-Za-z]{8}_[0-9A-Za-z]{44}$/)
    assert.deepEqual(readKeyText(key), { kind: 'ours', id })
    for (let i = 0; i < key.length - 1; i += 1) {
      if (key[i] === key[i + 1] || i < 4) continue
      const swapped = key.slice(0, i) + key[i + 1] + key[i] + key.slice(i + 2)
      assert.equal(readKeyText(swapped).kind, 'mistyped', `neighbours ${i} and ${i + 1} exchanged`)
    }
    assert.equal(readKeyText('sk-something-else').kind, 'other')
  })

  test('uses every character equally often', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 2000; i += 1) {
      for (const char of newKeyText(randomBytes).key.slice(13, 51)) {
        counts.set(char, (counts.get(char) ?? 0) + 1)
      }
    }
    assert.equal(counts.size, 62)
    // 76,000 draws over 62 characters: 1226 each; 200 is more than five standard deviations.
    for (const [char, count] of counts) assert.ok(Math.abs(count - 1226) < 200, `${char}: ${count}`)
  })

  test('is shown once and never stored', async (t) => {
    const house = home(t)
    const { key, view } = await newKey(house)
    assert.deepEqual(view.scopes, ['inference'])
    const stored = await house.store.keys.byId(view.id)
    assert.ok(stored)
    const text = JSON.stringify([stored, Buffer.from(stored.digest).toString('latin1')])
    assert.ok(!text.includes(key.slice(13)))
    const [listed] = await house.identity.keys.list({ tenant: 'default' })
    assert.deepEqual({ ...listed }, view)
    assert.ok(!Object.keys(listed ?? {}).includes('digest'))
  })

  test('is refused with a bad name, no scope or a past end', async (t) => {
    const { identity, time } = home(t)
    const base = { name: 'x' }
    for (const over of [
      { name: '' },
      { name: 'a\u001b[31m' },
      { name: 'x'.repeat(101) },
      { scopes: [] },
      { expiresAt: time.now },
    ]) {
      assert.equal(
        codeOf(await identity.keys.create(MACHINE, { ...base, ...over })),
        'invalid-value',
      )
    }
  })
})

describe('authentication', () => {
  test('tells the caller by the key, and asks the database once', async (t) => {
    const house = home(t)
    const { key, view } = await newKey(house, { scopes: ['inference', 'audit'] })
    for (let i = 0; i < 3; i += 1) {
      assert.deepEqual(await house.identity.authenticate(key, HERE), {
        ok: true,
        value: {
          ...plainCaller('default', view.id, 'laptop'),
          grants: ['inference', 'audit'],
          permissions: permissionsOf(['inference', 'audit']),
        },
      })
    }
    assert.equal(house.reads.count, 1)
  })

  test('says what is wrong: none given, not known, expired, revoked', async (t) => {
    const house = home(t)
    const { identity, time } = house
    assert.equal(codeOf(await identity.authenticate(undefined, HERE)), 'missing-key')
    assert.equal(codeOf(await identity.authenticate('', HERE)), 'missing-key')
    assert.equal(
      codeOf(await identity.authenticate(newKeyText(randomBytes).key, HERE)),
      'invalid-key',
    )
    assert.equal(codeOf(await identity.authenticate('x'.repeat(100_000), HERE)), 'invalid-key')
    const short = await newKey(house, { expiresAt: time.now + 1000 })
    assert.equal(codeOf(await identity.authenticate(short.key, HERE)), 'ok')
    time.now += 1000
    assert.equal(codeOf(await identity.authenticate(short.key, HERE)), 'key-expired')
    const { key, view } = await newKey(house)
    assert.equal(codeOf(await identity.authenticate(key, HERE)), 'ok')
    assert.equal(
      codeOf(await identity.keys.revoke({ ...MACHINE, tenant: 'other' }, view.id)),
      'not-found',
    )
    assert.equal(codeOf(await identity.authenticate(key, HERE)), 'ok')
    assert.equal(codeOf(await identity.keys.revoke(MACHINE, view.id)), 'ok')
    assert.equal(
      codeOf(await identity.authenticate(key, HERE)),
      'key-expired',
      'at once, whatever is remembered',
    )
  })

  test('never accepts a changed key', async (t) => {
    const house = home(t)
    const { key } = await newKey(house)
    assert.equal(codeOf(await house.identity.authenticate(key, HERE)), 'ok')
    const change = fc.record({
      at: fc.nat(key.length),
      remove: fc.nat(3),
      insert: fc.string({ maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let changed = key
        for (const { at, remove, insert } of changes) {
          changed = changed.slice(0, at) + insert + changed.slice(at + remove)
        }
        if (changed === key) return
        assert.notEqual(codeOf(await house.identity.authenticate(changed, HERE)), 'ok')
      }),
      { numRuns: 500 },
    )
  })

  test('never accepts the secret of one key under the id of another', async (t) => {
    const house = home(t)
    const [one, two] = [await newKey(house), await newKey(house)]
    const mixed = `ecl_${one.view.id}${two.key.slice(12)}`
    assert.equal(codeOf(await house.identity.authenticate(mixed, HERE)), 'invalid-key')
  })

  test('looks again after half a minute, so that a revocation elsewhere is felt', async (t) => {
    const house = home(t)
    const { key, view } = await newKey(house)
    await house.identity.authenticate(key, HERE)
    await house.store.keys.revoke('default', view.id, house.time.now)
    assert.equal(codeOf(await house.identity.authenticate(key, HERE)), 'ok')
    house.time.now += 30_000
    assert.equal(codeOf(await house.identity.authenticate(key, HERE)), 'key-expired')
  })

  test('notes the last use without a write per request', async (t) => {
    const house = home(t)
    const { key, view } = await newKey(house)
    await house.identity.authenticate(key, HERE)
    assert.equal((await house.store.keys.byId(view.id))?.lastUsedAt, null)
    await house.identity.flushLastUsed()
    assert.equal((await house.store.keys.byId(view.id))?.lastUsedAt, house.time.now)
  })
})

describe('a session of the web page', () => {
  test('stands for its key, until it is closed', async (t) => {
    const house = home(t)
    const { sessions } = house.identity
    const { key, view } = await newKey(house, { scopes: ['audit'] })
    const opened = await sessions.openSession(key, HERE)
    assert.ok(opened.ok)
    const { cookieValue, expiresAt } = opened.value
    assert.match(cookieValue, /^[A-Za-z0-9_-]{43}$/)
    assert.equal(expiresAt, house.time.now + 12 * 3600 * 1000)
    const caller = await sessions.resolveSession(cookieValue, HERE)
    assert.ok(caller.ok)
    assert.deepEqual([caller.value.keyId, caller.value.grants], [view.id, ['audit']])
    await sessions.closeSession(cookieValue)
    assert.equal(codeOf(await sessions.resolveSession(cookieValue, HERE)), 'missing-key')
  })

  test('ends with its time, with its key, and never outlives the key', async (t) => {
    const house = home(t)
    const { sessions, keys } = house.identity
    const brief = await newKey(house, { expiresAt: house.time.now + 5000 })
    const bounded = await sessions.openSession(brief.key, HERE)
    assert.ok(bounded.ok)
    assert.equal(bounded.value.expiresAt, house.time.now + 5000)
    house.time.now += 5000
    assert.equal(
      codeOf(await sessions.resolveSession(bounded.value.cookieValue, HERE)),
      'missing-key',
    )
    const { key, view } = await newKey(house)
    const opened = await sessions.openSession(key, HERE)
    assert.ok(opened.ok)
    await keys.revoke(MACHINE, view.id)
    assert.notEqual(codeOf(await sessions.resolveSession(opened.value.cookieValue, HERE)), 'ok')
    assert.equal(codeOf(await sessions.openSession(key, HERE)), 'key-expired')
  })

  test('is not opened by a wrong key, nor resolved from a made-up or changed cookie', async (t) => {
    const house = home(t)
    const { sessions } = house.identity
    assert.equal(
      codeOf(await sessions.openSession(newKeyText(randomBytes).key, HERE)),
      'invalid-key',
    )
    const opened = await sessions.openSession((await newKey(house)).key, HERE)
    assert.ok(opened.ok)
    const { cookieValue } = opened.value
    const turned = Array.from(cookieValue).toReversed().join('')
    for (const cookie of [undefined, '', 'x', `${cookieValue}x`, turned]) {
      assert.equal(codeOf(await sessions.resolveSession(cookie, HERE)), 'missing-key')
    }
  })
})

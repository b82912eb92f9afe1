import assert from 'node:assert/strict'
import type { SignInCode, VouchedSession } from '#identity/oidc/ports.ts'
import type { OpenFresh } from '../contract.ts'
import { withStore } from './filled.ts'

const bytes = (fill: number) => new Uint8Array(32).fill(fill)

const session = (over: Partial<VouchedSession> = {}): VouchedSession => ({
  id: 'v-1',
  tenant: 'default',
  person: 'ada',
  provider: 'company',
  subject: 'subject-of-ada',
  sid: 'there-1',
  digest: bytes(1),
  keyId: null,
  sealed: bytes(9),
  refreshAt: 1000,
  expiresAt: 9000,
  ...over,
})

const code = (over: Partial<SignInCode> = {}): SignInCode => ({
  digest: bytes(1),
  tenant: 'default',
  person: 'ada',
  provider: 'company',
  subject: 'subject-of-ada',
  sid: null,
  challenge: 'challenge',
  sealed: bytes(9),
  expiresAt: 1000,
  ...over,
})

/** What was read, with its bytes as plain arrays: databases hand out buffers of their own. */
const plain = (value: object | null) =>
  value &&
  Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, one instanceof Uint8Array ? [...one] : one]),
  )

/** Sessions that a provider vouched for are found by cookie, key, session and person; codes are taken once. */
export function signInsContract(open: OpenFresh): void {
  withStore(open, 'a vouched session is found by all that names it', async (store) => {
    const { vouchedSessions } = store
    await vouchedSessions.insert(session())
    const byKey = session({
      id: 'v-2',
      digest: null,
      keyId: 'aaaaaaaa',
      sid: null,
      refreshAt: null,
    })
    await vouchedSessions.insert(byKey)
    await vouchedSessions.insert(session({ id: 'v-3', provider: 'other', digest: bytes(3) }))
    assert.deepEqual(plain(await vouchedSessions.byDigest(bytes(1))), plain(session()))
    assert.deepEqual(plain(await vouchedSessions.byKey('aaaaaaaa')), plain(byKey))
    assert.equal(await vouchedSessions.byDigest(bytes(2)), null)
    assert.equal(await vouchedSessions.byKey('bbbbbbbb'), null)
    const provider = 'company'
    const there = await vouchedSessions.of({ provider, sid: 'there-1' })
    assert.deepEqual(
      there.map(({ id }) => id),
      ['v-1'],
    )
    const theirs = await vouchedSessions.of({ provider, subject: 'subject-of-ada' })
    assert.deepEqual(theirs.map(({ id }) => id).toSorted(), ['v-1', 'v-2'])
    await vouchedSessions.remove('v-1')
    assert.equal(await vouchedSessions.byDigest(bytes(1)), null)
  })

  withStore(open, 'what is due is claimed by one of those who try', async ({ vouchedSessions }) => {
    await vouchedSessions.insert(session({ refreshAt: 2000 }))
    await vouchedSessions.insert(session({ id: 'v-2', digest: bytes(2), refreshAt: 1000 }))
    await vouchedSessions.insert(session({ id: 'v-3', digest: bytes(3), refreshAt: null }))
    await vouchedSessions.insert(session({ id: 'v-4', digest: bytes(4), expiresAt: 1500 }))
    const due = async (now: number, limit = 10) =>
      (await vouchedSessions.due(now, limit)).map(({ id }) => id)
    assert.deepEqual(await due(999), [])
    assert.deepEqual(await due(2000), ['v-2', 'v-1'])
    assert.deepEqual(await due(2000, 1), ['v-2'])
    const claims = await Promise.all([1, 2, 3].map(() => vouchedSessions.claim('v-2', 1000, 5000)))
    assert.equal(claims.filter((claimed) => claimed).length, 1)
    assert.deepEqual(await due(2000), ['v-1'])
    assert.equal(await vouchedSessions.renew('v-2', bytes(7), 6000), true)
    assert.equal(await vouchedSessions.renew('gone', bytes(7), 6000), false)
    const [renewed] = await vouchedSessions.due(6000, 10).then((rows) => rows.slice(1))
    assert.deepEqual([renewed?.id, ...(renewed?.sealed.slice(0, 1) ?? [])], ['v-2', 7])
  })

  withStore(open, 'what has expired is forgotten', async ({ vouchedSessions, signInCodes }) => {
    await vouchedSessions.insert(session({ expiresAt: 1000 }))
    await vouchedSessions.insert(session({ id: 'v-2', digest: bytes(2), expiresAt: 1001 }))
    await vouchedSessions.removeExpired(1000)
    assert.equal(await vouchedSessions.byDigest(bytes(1)), null)
    assert.ok(await vouchedSessions.byDigest(bytes(2)))
    await signInCodes.insert(code())
    await signInCodes.removeExpired(1000)
    assert.equal(await signInCodes.take(bytes(1)), null)
  })

  withStore(open, 'a code is taken by one of those who ask, and once', async ({ signInCodes }) => {
    await signInCodes.insert(code())
    const taken = await Promise.all([1, 2, 3, 4].map(() => signInCodes.take(bytes(1))))
    const got = taken.filter((one) => one !== null)
    assert.equal(got.length, 1)
    assert.deepEqual(plain(got[0] ?? null), plain(code()))
    assert.equal(await signInCodes.take(bytes(1)), null)
  })
}

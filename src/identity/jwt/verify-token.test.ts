import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { exportSPKI } from 'jose'
import { TOKEN_ALGORITHMS } from '#kernel/token-algorithms.ts'
import { createIssuerKeys } from './issuer-keys.ts'
import { ISSUER, newPair, START, testIssuer, token } from './issuer.fixture.ts'
import { claimedIssuer, looksLikeToken, verifyToken, type Expected } from './verify-token.ts'

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

type Issuer = Awaited<ReturnType<typeof testIssuer>>

const verify = async (issuer: Issuer, text: string, over: Partial<Expected> = {}) => {
  const verified = await verifyToken(text, {
    issuer: ISSUER,
    audiences: ['ecluse'],
    algorithms: TOKEN_ALGORITHMS,
    keys: issuer.keys,
    now: issuer.time.now,
    skewSeconds: 30,
    maxAgeSeconds: null,
    ...over,
  })
  return verified.ok ? verified.value.sub : verified.error
}

describe('a token', () => {
  test('is believed when signature, issuer, audience and times hold', async () => {
    const issuer = await testIssuer()
    assert.equal(await verify(issuer, await token(issuer.first)), 'robot')
    const several = await token(issuer.first, { aud: ['other', 'ecluse'] })
    assert.equal(await verify(issuer, several), 'robot')
  })

  test('is refused with its reason when one of them does not', async () => {
    const issuer = await testIssuer()
    const now = START / 1000
    const cases: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{ iss: 'https://other.example' }, 'issuer'],
      [{ iss: `${ISSUER}/` }, 'issuer'],
      [{ iss: null }, 'issuer'],
      [{ aud: 'somebody-else' }, 'audience'],
      [{ aud: null }, 'audience'],
      [{ exp: now - 31 }, 'expired'],
      [{ exp: null }, 'expired'],
      [{ exp: 'never' }, 'expired'],
      [{ nbf: now + 31 }, 'early'],
    ]
    for (const [claims, reason] of cases) {
      const text = await token(issuer.first, claims)
      assert.equal(await verify(issuer, text), reason, JSON.stringify(claims))
    }
  })

  test('may be a little early or late, as clocks are', async () => {
    const issuer = await testIssuer()
    const now = START / 1000
    assert.equal(await verify(issuer, await token(issuer.first, { exp: now - 29 })), 'robot')
    assert.equal(await verify(issuer, await token(issuer.first, { nbf: now + 29 })), 'robot')
  })

  test('is refused beyond the age that is allowed, whatever its own expiry says', async () => {
    const issuer = await testIssuer()
    const text = await token(issuer.first, { exp: START / 1000 + 86_400 })
    issuer.time.now += 631_000
    assert.equal(await verify(issuer, text, { maxAgeSeconds: 600 }), 'too-old')
    assert.equal(await verify(issuer, text, { maxAgeSeconds: 900 }), 'robot')
    const undated = await token(issuer.first, { iat: null, exp: START / 1000 + 86_400 })
    assert.notEqual(await verify(issuer, undated, { maxAgeSeconds: 900 }), 'robot')
  })

  test('without a signature, or signed with the public key as a shared secret, is refused for its algorithm', async () => {
    const issuer = await testIssuer()
    const claims = { iss: ISSUER, aud: 'ecluse', sub: 'robot', exp: START / 1000 + 60 }
    for (const alg of ['none', 'None', 'nOnE', '']) {
      const unsigned = `${base64({ alg })}.${base64(claims)}.`
      assert.notEqual(await verify(issuer, unsigned), 'robot', alg)
    }
    const spki = await exportSPKI(issuer.first.publicKey)
    for (const secret of [spki, spki.trim(), JSON.stringify(issuer.first.jwk)]) {
      const head = `${base64({ alg: 'HS256', kid: 'first' })}.${base64(claims)}`
      const mac = createHmac('sha256', secret).update(head).digest('base64url')
      assert.equal(await verify(issuer, `${head}.${mac}`), 'algorithm')
    }
  })

  test('signed with a shared secret that stands in the key set is refused', async () => {
    const issuer = await testIssuer()
    const secret = Buffer.alloc(32, 3)
    issuer.state.keys = [{ kty: 'oct', k: secret.toString('base64url'), kid: 'oct', alg: 'HS256' }]
    const claims = { iss: ISSUER, aud: 'ecluse', exp: START / 1000 + 60 }
    const head = `${base64({ alg: 'HS256', kid: 'oct' })}.${base64(claims)}`
    const mac = createHmac('sha256', secret).update(head).digest('base64url')
    assert.equal(await verify(issuer, `${head}.${mac}`), 'algorithm')
  })

  test('with a changed claim, another signature, or a key of its own in the header is refused', async () => {
    const issuer = await testIssuer()
    const [head = '', , signature = ''] = (await token(issuer.first)).split('.')
    const claims = { iss: ISSUER, aud: 'ecluse', sub: 'admin', exp: START / 1000 + 60 }
    assert.equal(await verify(issuer, `${head}.${base64(claims)}.${signature}`), 'signature')
    const foreign = await newPair('first')
    assert.equal(await verify(issuer, await token(foreign)), 'signature')
    const carried = await token(foreign, {}, { jwk: foreign.jwk, jku: 'https://evil.example/keys' })
    assert.equal(await verify(issuer, carried), 'signature')
    const unknown = await newPair('zzz')
    assert.equal(await verify(issuer, await token(unknown)), 'unknown-key')
  })

  test('of an algorithm that is not configured is refused, and one with an unknown critical header too', async () => {
    const issuer = await testIssuer()
    assert.equal(
      await verify(issuer, await token(issuer.first), { algorithms: ['RS256'] }),
      'algorithm',
    )
    const header = base64({ alg: 'ES256', kid: 'first', crit: ['x-new'], 'x-new': 1 })
    const [, body = '', signature = ''] = (await token(issuer.first)).split('.')
    assert.equal(await verify(issuer, `${header}.${body}.${signature}`), 'malformed')
  })

  test('must be of the type that is asked for', async () => {
    const issuer = await testIssuer()
    const typed = await token(issuer.first, {}, { typ: 'at+jwt' })
    assert.equal(await verify(issuer, typed, { type: 'at+jwt' }), 'robot')
    assert.equal(await verify(issuer, await token(issuer.first), { type: 'at+jwt' }), 'type')
  })

  test('that is too large or no token at all is refused before anything is computed', async () => {
    const issuer = await testIssuer()
    const large = await token(issuer.first, { padding: 'x'.repeat(9000) })
    assert.equal(await verify(issuer, large), 'malformed')
    assert.equal(claimedIssuer(large), null)
    for (const text of ['', 'ey', 'a.b.c', 'eyJ.e30.', '..', `eyJh.${base64('[]')}.x`]) {
      assert.equal(claimedIssuer(text), null, text)
      assert.notEqual(await verify(issuer, text), 'robot')
    }
    assert.equal(issuer.state.reads, 0)
    assert.equal(claimedIssuer(await token(issuer.first)), ISSUER)
    assert.ok(looksLikeToken(await token(issuer.first)))
    assert.ok(!looksLikeToken('ecl_aaaaaaaa_b'))
    assert.ok(!looksLikeToken('eyebrow'))
  })
})

describe('the keys of an issuer', () => {
  test('are read once, and again when a token names a key that is new', async () => {
    const issuer = await testIssuer()
    const text = await token(issuer.first)
    for (let i = 0; i < 5; i += 1) assert.equal(await verify(issuer, text), 'robot')
    assert.equal(issuer.state.reads, 1)
    const second = await newPair('second')
    issuer.state.keys = [issuer.first.jwk, second.jwk]
    issuer.time.now += 31_000
    assert.equal(await verify(issuer, await token(second)), 'robot')
    assert.equal(await verify(issuer, text), 'robot')
    assert.equal(issuer.state.reads, 2)
  })

  test('are not read again for every unknown key id', async () => {
    const issuer = await testIssuer()
    await verify(issuer, await token(issuer.first))
    issuer.time.now += 31_000
    for (let i = 0; i < 20; i += 1) {
      const made = await newPair(`made-up-${i}`)
      assert.equal(await verify(issuer, await token(made)), 'unknown-key')
    }
    assert.equal(issuer.state.reads, 2)
  })

  test('that the issuer took away verify nothing once the set is no longer fresh', async () => {
    const issuer = await testIssuer()
    const text = await token(issuer.first, { exp: START / 1000 + 86_400 })
    assert.equal(await verify(issuer, text), 'robot')
    issuer.state.keys = [(await newPair('second')).jwk]
    issuer.time.now += 10 * 60_000
    assert.equal(await verify(issuer, text), 'unknown-key')
  })

  test('are believed for a day while the issuer cannot be reached, and no longer', async () => {
    const issuer = await testIssuer()
    const text = await token(issuer.first, { exp: START / 1000 + 7 * 86_400 })
    assert.equal(await verify(issuer, text), 'robot')
    issuer.state.isDown = true
    issuer.time.now += 23 * 3_600_000
    assert.equal(await verify(issuer, text), 'robot')
    issuer.time.now += 2 * 3_600_000
    assert.equal(await verify(issuer, text), 'keys-unavailable')
    issuer.state.isDown = false
    issuer.time.now += 31_000
    assert.equal(await verify(issuer, text), 'robot')
  })

  test('that cannot be had at first are told apart from unknown ones, and are one reading for all who wait', async () => {
    const issuer = await testIssuer()
    issuer.state.isDown = true
    const text = await token(issuer.first)
    const all = await Promise.all(Array.from({ length: 10 }, () => verify(issuer, text)))
    assert.deepEqual(new Set(all), new Set(['keys-unavailable']))
    assert.equal(issuer.state.reads, 1)
  })

  test('leave out what is no set of keys, what encrypts, and what is ambiguous', async () => {
    const { first } = await testIssuer()
    const keysOf = (set: unknown) =>
      createIssuerKeys({ load: () => Promise.resolve(set), clock: () => START })
    const header = { alg: 'ES256', kid: 'first' }
    const input = { payload: '', signature: '' }
    for (const set of [null, 'text', {}, { keys: 'x' }, { keys: [1] }]) {
      const found = await keysOf(set).keyFor(header, input)
      assert.deepEqual(found, { ok: false, error: 'keys-unavailable' })
    }
    const forEncryption = keysOf({ keys: [{ ...first.jwk, use: 'enc' }] })
    assert.ok(!(await forEncryption.keyFor(header, input)).ok)
    const { kid: _, ...nameless } = first.jwk
    const other = { ...(await newPair('other')).jwk, kid: undefined }
    assert.ok(!(await keysOf({ keys: [nameless, other] }).keyFor({ alg: 'ES256' }, input)).ok)
    assert.ok((await keysOf({ keys: [nameless] }).keyFor({ alg: 'ES256' }, input)).ok)
  })
})

import assert from 'node:assert/strict'
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { newKeyText } from './api-key-text.ts'
import { bootstrap } from './bootstrap.ts'
import { asRootSecret, deriveKey, digestKey } from './derive-key.ts'
import { home, MACHINE, randomBytes, root } from './open-identity.fixture.ts'
import { describeSecretProblem } from './problem.ts'
import { rootSecret } from './root-secret.ts'
import { checkRootSecret } from './secret-fingerprint.ts'

describe('the root secret', () => {
  test('is made once, private, and read again', (t) => {
    const { path } = home(t)
    const first = rootSecret({ home: path, randomBytes })
    const second = rootSecret({ home: path, randomBytes })
    assert.ok(first.ok && second.ok)
    assert.equal(first.value.length, 32)
    assert.deepEqual(first.value, second.value)
    assert.equal(statSync(join(path, 'master.key')).mode & 0o777, 0o600)
    assert.deepEqual(
      readdirSync(path).filter((name) => name.endsWith('.new')),
      [],
    )
  })

  test('comes from ECLUSE_MASTER_KEY in base64 or hexadecimal, and then makes no file', (t) => {
    const { path } = home(t)
    const bytes = Buffer.from(randomBytes(40))
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const found = rootSecret({ home: path, masterKey: bytes.toString(encoding), randomBytes })
      assert.ok(found.ok)
      assert.deepEqual(Buffer.from(found.value), bytes)
    }
    assert.ok(!readdirSync(path).includes('master.key'))
  })

  test('is refused when short, malformed or readable by others, without being shown', (t) => {
    const { path } = home(t)
    const short = randomBytes(31)
    const given = [
      Buffer.from(short).toString('base64'),
      Buffer.from(short).toString('hex'),
      'not a secret!',
    ]
    const codes = given.map((masterKey) => {
      const refused = rootSecret({ home: path, masterKey, randomBytes })
      assert.ok(!refused.ok)
      assert.ok(!describeSecretProblem(refused.error, 'en').includes(masterKey))
      return refused.error.code
    })
    assert.deepEqual(codes, ['secret-too-short', 'secret-too-short', 'secret-malformed'])
    const file = join(path, 'master.key')
    writeFileSync(file, Buffer.from(randomBytes(32)).toString('base64'))
    for (const mode of [0o640, 0o604]) {
      chmodSync(file, mode)
      const exposed = rootSecret({ home: path, randomBytes })
      assert.ok(!exposed.ok)
      assert.equal(exposed.error.code, 'secret-exposed')
      assert.match(
        describeSecretProblem(exposed.error, 'fr'),
        new RegExp(`${mode.toString(8)}.*chmod 600`),
      )
    }
    chmodSync(file, 0o600)
    assert.ok(rootSecret({ home: path, randomBytes }).ok)
    assert.ok(!rootSecret({ home: join(path, 'missing'), randomBytes }).ok)
  })

  test('gives every purpose a key of its own, the same each time', () => {
    assert.deepEqual(deriveKey(root, 'sessions'), deriveKey(root, 'sessions'))
    assert.notDeepEqual(deriveKey(root, 'sessions'), deriveKey(root, 'api-keys'))
    // HKDF-SHA256 of 32 bytes 0x07, computed with Python's hmac module.
    assert.equal(
      Buffer.from(deriveKey(root, 'api-keys')).toString('hex'),
      '28808bbcd084d36361854f666f17f0b0d99bf6e83fccba85c0fe4050f6242bf0',
    )
    assert.throws(() => asRootSecret(new Uint8Array(31)), RangeError)
  })

  test('another one than the database was made with is refused', async (t) => {
    const { store } = home(t)
    assert.ok((await checkRootSecret(store.documents, root, 1000)).ok)
    assert.ok((await checkRootSecret(store.documents, root, 2000)).ok)
    const other = await checkRootSecret(store.documents, asRootSecret(new Uint8Array(32)), 3000)
    assert.ok(!other.ok)
    assert.equal(other.error.code, 'secret-changed')
  })
})

describe('the first administrator', () => {
  const options = ({ store, path, clock }: ReturnType<typeof home>, bootstrapKey?: string) => ({
    store: store.keys,
    home: path,
    tenant: 'default',
    bootstrapKey,
    hmacKey: digestKey(root, 'api-keys'),
    clock,
    randomBytes,
  })

  test('gets a key with every scope in admin.key, once', async (t) => {
    const house = home(t)
    const first = await bootstrap(options(house))
    assert.ok(first.ok && first.value.kind === 'created')
    const file = join(house.path, 'admin.key')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const key = readFileSync(file, 'utf8').trim()
    assert.equal(key, first.value.key)
    const caller = await house.identity.authenticate(key, null)
    assert.ok(caller.ok)
    assert.deepEqual(caller.value.grants, ['inference', 'classify', 'audit', 'admin'])
    assert.deepEqual(await bootstrap(options(house)), { ok: true, value: { kind: 'present' } })
  })

  test('is ECLUSE_BOOTSTRAP_KEY when given, and only while there is none', async (t) => {
    const house = home(t)
    const given = Buffer.from(randomBytes(24)).toString('base64')
    const first = await bootstrap(options(house, given))
    assert.ok(first.ok && first.value.kind === 'registered')
    assert.ok((await house.identity.authenticate(given, null)).ok)
    assert.ok(!readdirSync(house.path).includes('admin.key'))
    const later = Buffer.from(randomBytes(24)).toString('base64')
    const second = await bootstrap(options(house, later))
    assert.ok(second.ok && second.value.kind === 'present')
    assert.ok(!(await house.identity.authenticate(later, null)).ok)
  })

  test('is not let in by a weak or mistyped bootstrap key', async (t) => {
    const house = home(t)
    const { key } = newKeyText(randomBytes)
    for (const weak of [
      'admin',
      'x'.repeat(23),
      'with spaces in the middle of it',
      `${key.slice(0, -1)}!`,
    ]) {
      const refused = await bootstrap(options(house, weak))
      assert.ok(!refused.ok)
      assert.equal(refused.error.code, 'bootstrap-key-weak')
    }
    assert.equal(await house.store.keys.hasAdministrator(house.time.now), false)
  })

  test('a revoked bootstrap key stays revoked: the owner of the machine gets a new one', async (t) => {
    const house = home(t)
    const given = newKeyText(randomBytes)
    await bootstrap(options(house, given.key))
    await house.identity.keys.revoke(MACHINE, given.id)
    const again = await bootstrap(options(house, given.key))
    assert.ok(again.ok && again.value.kind === 'created')
    assert.ok(!(await house.identity.authenticate(given.key, null)).ok)
    assert.ok((await house.identity.authenticate(again.value.key, null)).ok)
  })

  test('a start cut short after the file was written goes on with that key', async (t) => {
    const house = home(t)
    const { key } = newKeyText(randomBytes)
    writeFileSync(join(house.path, 'admin.key'), `${key}\n`, { mode: 0o600 })
    const done = await bootstrap(options(house))
    assert.ok(done.ok && done.value.kind === 'created')
    assert.equal(done.value.key, key)
    assert.ok((await house.identity.authenticate(key, null)).ok)
  })
})

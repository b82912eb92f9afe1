import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { err } from '#kernel/result.ts'
import { readPublicKey } from '../signing/key.ts'
import { verifyBundle } from '../signing/verify-model.ts'
import { ADA, BOB, KEY, manifest, openDesk, scanned, START } from './admission.fixture.ts'
import { companyKey } from './company-key.ts'
import { digestOfFiles } from '../store/files-digest.ts'
import { countersign, isCountersigned, isSignedException } from './countersign.ts'
import { AdmissionDesk } from './desk.ts'
import { dressed } from './dress.ts'
import { readRecord, type AdmissionRecord } from './record.ts'
import { standingBy } from './dress.ts'
import { standingOf } from './standing.ts'

const DAY = 86_400_000
const one = manifest('a')
const by = { kind: 'digest', detail: 'given' } as const

/** The record, or the test ends. */
function value<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

const standing = (record: AdmissionRecord, now = START) => {
  const { weights, stopped } = standingOf(record, KEY, now)
  return stopped ?? weights
}

void describe('admission of weights', () => {
  test('goes from quarantine to approval, each step told before it counts', async () => {
    const { desk, steps, book } = openDesk()
    const brought = value(await desk.bring(one, ADA))
    assert.equal(brought.state, 'scanned')
    assert.equal(standing(brought), 'unverified')
    const verified = value(await desk.admit(one.digest, by, ADA))
    assert.equal(standing(verified), 'verified')
    const approved = value(await desk.approve(one.digest, 'reviewed', BOB))
    assert.equal(standing(approved), 'approved')
    const told = steps.map(({ act, who }) => `${act} ${who.by}`)
    assert.deepEqual(told, [
      'brought key-ada',
      'scanned system',
      'scanned system',
      'verified key-ada',
      'approved key-bob',
    ])
    assert.equal(book.of(one.digest)?.record?.state, 'approved')
  })

  test('what cannot be recorded as evidence does not happen', async () => {
    const { desk, store } = openDesk({
      evidence: () => Promise.resolve(err({ code: 'ledger-unavailable' })),
    })
    const brought = await desk.bring(one, ADA)
    assert.deepEqual(brought, { ok: false, error: { code: 'ledger-unavailable' } })
    assert.equal(store.rows.size, 0)
  })

  test('a forbidden file stays in quarantine, and cannot be admitted or approved', async () => {
    const bad = scanned({ verdict: 'forbidden', servable: false })
    const { desk } = openDesk({ scan: () => Promise.resolve(bad) })
    assert.equal(standing(value(await desk.bring(one, ADA))), 'quarantined')
    for (const refused of [
      await desk.admit(one.digest, by, ADA),
      await desk.approve(one.digest, null, ADA),
    ])
      assert.equal(refused.ok ? null : refused.error.code, 'admission-step')
  })

  test('a scan that finds something later takes approval and evidence away', async () => {
    let found = scanned()
    const { desk } = openDesk({ scan: () => Promise.resolve(found) })
    await desk.bring(one, ADA)
    await desk.admit(one.digest, by, ADA)
    await desk.approve(one.digest, null, BOB)
    found = scanned({ verdict: 'not-analysed' })
    const again = value(await desk.scan(one.digest, ADA))
    assert.deepEqual([again.state, again.approval, again.evidence], ['quarantined', null, null])
  })

  test('files that are gone or changed are not admitted', async () => {
    const { desk } = openDesk({ isIntact: () => Promise.resolve(false) })
    await desk.bring(one, ADA)
    const refused = await desk.admit(one.digest, by, ADA)
    assert.equal(refused.ok ? null : refused.error.code, 'weights-missing')
  })

  test('revoked is the end; suspended is not', async () => {
    const { desk } = openDesk()
    await desk.bring(one, ADA)
    await desk.admit(one.digest, by, ADA)
    const suspended = value(await desk.stop(one.digest, 'suspended', 'odd answers', ADA))
    assert.equal(standing(suspended), 'suspended')
    assert.equal(standing(value(await desk.approve(one.digest, null, BOB))), 'approved')
    assert.equal(standing(value(await desk.stop(one.digest, 'revoked', 'bad', BOB))), 'revoked')
    for (const refused of [
      await desk.admit(one.digest, by, ADA),
      await desk.approve(one.digest, null, BOB),
      await desk.stop(one.digest, 'suspended', 'again', BOB),
      await desk.except(
        one.digest,
        { kinds: ['pickle'], reason: 'x', expiresAt: START + DAY },
        BOB,
      ),
    ])
      assert.equal(refused.ok ? null : refused.error.code, 'admission-step')
  })
})

void describe('two persons', () => {
  const two = { needsTwoPersons: () => true }

  test('who brought or verified weights does not approve them, by any key of theirs', async () => {
    const { desk } = openDesk(two)
    await desk.bring(one, ADA)
    await desk.admit(one.digest, by, BOB)
    const other = { by: 'another-key', person: 'ada' }
    for (const who of [ADA, BOB, other]) {
      const refused = await desk.approve(one.digest, null, who)
      assert.equal(refused.ok ? null : refused.error.code, 'second-person', who.by)
    }
    const third = { by: 'key-cleo', person: 'cleo' }
    assert.equal(value(await desk.approve(one.digest, null, third)).state, 'approved')
  })

  test('keys that belong to nobody are nobody else, and no exception is signed by who brought the weights', async () => {
    const { desk } = openDesk(two)
    const keys = [1, 2].map((at) => ({ by: `key-${at}`, person: null }))
    const [first = ADA, second = ADA] = keys
    await desk.bring(one, first)
    await desk.admit(one.digest, by, first)
    const given = { kinds: ['pickle' as const], reason: 'old', expiresAt: START + DAY }
    for (const refused of [
      await desk.approve(one.digest, null, second),
      await desk.except(one.digest, given, second),
    ])
      assert.equal(refused.ok ? null : refused.error.code, 'second-person')
    assert.ok((await desk.except(one.digest, given, BOB)).ok)
    assert.equal(value(await desk.approve(one.digest, null, BOB)).state, 'approved')
  })

  test('who brought what the gateway had already seen is not forgotten', async () => {
    const { desk } = openDesk({ ...two, pinned: new Set([one.digest]) })
    await desk.bring(one, { by: 'system', person: null })
    assert.equal(value(await desk.bring(one, ADA)).state, 'verified')
    const refused = await desk.approve(one.digest, null, ADA)
    assert.equal(refused.ok ? null : refused.error.code, 'second-person')
    assert.equal(value(await desk.approve(one.digest, null, BOB)).state, 'approved')
  })
})

void describe('exceptions', () => {
  const pickled = { scan: () => Promise.resolve(scanned({ servable: false, needs: ['pickle'] })) }
  const given = { kinds: ['pickle' as const], reason: 'old model', expiresAt: START + DAY }

  test('a format that is not served by default serves while one is valid', async () => {
    const { desk } = openDesk(pickled)
    assert.equal(standing(value(await desk.bring(one, ADA))), 'exception-missing')
    const excepted = value(await desk.except(one.digest, given, BOB))
    assert.equal(standing(excepted), 'unverified')
    assert.equal(standingOf(excepted, KEY, START).until, START + DAY)
    assert.equal(standing(excepted, START + DAY - 1), 'unverified')
    assert.equal(standing(excepted, START + DAY), 'exception-missing')
  })

  test('one from a clock far ahead has not begun', async () => {
    const { desk } = openDesk(pickled)
    await desk.bring(one, ADA)
    const excepted = value(await desk.except(one.digest, given, BOB))
    assert.equal(standing(excepted, START - 299_000), 'unverified')
    assert.equal(standing(excepted, START - 301_000), 'exception-missing')
  })

  test('any change of it, and the key of another house, make it none', async () => {
    const { desk } = openDesk(pickled)
    await desk.bring(one, ADA)
    const record = value(await desk.except(one.digest, given, BOB))
    const [exception] = record.exceptions
    assert.ok(exception)
    const others = [
      { ...exception, expiresAt: exception.expiresAt + 1 },
      { ...exception, kinds: ['pickle' as const, 'code' as const] },
      { ...exception, by: 'x' },
      { ...exception, signature: 'AAAA' },
    ]
    for (const other of others)
      assert.equal(standing({ ...record, exceptions: [other] }), 'exception-missing')
    assert.equal(isSignedException('b'.repeat(64), exception, KEY), false)
    const foreign = companyKey(new Uint8Array(48).fill(8))
    assert.equal(standingOf(record, foreign, START).stopped, 'exception-missing')
  })

  test('one that is over before it begins is refused', async () => {
    const { desk } = openDesk(pickled)
    await desk.bring(one, ADA)
    const refused = await desk.except(one.digest, { ...given, expiresAt: START }, BOB)
    assert.equal(refused.ok ? null : refused.error.code, 'invalid-value')
  })
})

void describe("the company's signature", () => {
  test('verifies with its public key alone, as any model signature does', async () => {
    const { desk } = openDesk()
    await desk.bring(one, ADA)
    await desk.admit(one.digest, by, ADA)
    const { approval } = value(await desk.approve(one.digest, null, BOB))
    const key = readPublicKey(KEY.publicPem)
    assert.ok(key.ok && approval)
    const signed = verifyBundle(approval.bundle, { method: 'key', key: key.value }, START)
    assert.ok(signed.ok)
    assert.equal(signed.value.manifest.resources[0]?.digest, one.digest)
  })

  test('an approval written into the database by another hand is none', async () => {
    const { desk } = openDesk()
    await desk.bring(one, ADA)
    const record = value(await desk.admit(one.digest, by, ADA))
    const foreign = companyKey(new Uint8Array(48).fill(8))
    const approval = { ...BOB, at: START, reason: null, bundle: countersign(record, foreign) }
    const forged: AdmissionRecord = { ...record, state: 'approved', approval }
    assert.equal(standing(forged), 'verified')
    // the signature of other weights is not one of these
    const other = { ...record, files: [{ path: 'x.gguf', digest: 'b'.repeat(64), bytes: 1 }] }
    const moved = { ...forged, approval: { ...approval, bundle: countersign(other, KEY) } }
    assert.equal(isCountersigned(moved, KEY, START), false)
  })

  test('covers every file of a set, whatever their order', () => {
    const file = fc.record({
      path: fc.stringMatching(/^[a-zé€😀]{1,12}$/u),
      digest: fc.stringMatching(/^[0-9a-f]{64}$/),
      bytes: fc.nat(),
    })
    const files = fc.uniqueArray(file, {
      minLength: 2,
      maxLength: 20,
      selector: ({ path }) => path,
    })
    fc.assert(
      fc.property(files, fc.infiniteStream(fc.nat()), (set, order) => {
        const shuffled = set
          .map((each) => ({ each, at: order.next().value }))
          .toSorted((x, y) => x.at - y.at)
          .map(({ each }) => each)
        const record = { name: 'set', files: set, digest: digestOfFiles(set) } as AdmissionRecord
        const approval = { ...BOB, at: 0, reason: null, bundle: countersign(record, KEY) }
        assert.equal(digestOfFiles(shuffled), record.digest)
        assert.ok(isCountersigned({ ...record, files: shuffled, approval }, KEY, START))
        const [first, ...rest] = set
        assert.ok(first)
        const changed = [{ ...first, digest: 'f'.repeat(64) }, ...rest]
        if (first.digest !== 'f'.repeat(64))
          assert.ok(!isCountersigned({ ...record, files: changed, approval }, KEY, START))
      }),
      { numRuns: 30 },
    )
  })
})

void describe('records', () => {
  test('what cannot be read clears nothing', async () => {
    for (const text of ['', '{}', '[]', 'null', '{"v":1}', '{"v":2}'])
      assert.equal(readRecord(text), null)
    const { book, store, parts } = openDesk()
    store.rows.set(one.digest, { digest: one.digest, version: 1, record: '{}' })
    await book.read()
    const served = dressedOne(parts)
    assert.equal(served?.stopped, 'quarantined')
  })

  test('of two who change one at the same moment one is told, and so is the ledger', async () => {
    const { desk, store, steps } = openDesk()
    await desk.bring(one, ADA)
    store.put = () => Promise.resolve(false)
    const refused = await desk.stop(one.digest, 'suspended', 'x', ADA)
    assert.equal(refused.ok ? null : refused.error.code, 'changed-meanwhile')
    assert.deepEqual(
      steps.slice(-2).map(({ act, codes }) => [act, codes]),
      [
        ['suspended', ['suspended']],
        ['suspended', ['changed-meanwhile']],
      ],
    )
  })

  test('nothing is told of a step that another gateway has overtaken while it read', async () => {
    const other: { stop: () => Promise<unknown> } = { stop: () => Promise.resolve() }
    const opened = openDesk({ isIntact: () => other.stop().then(() => true) })
    const { desk, steps, parts } = opened
    await desk.bring(one, ADA)
    const elsewhere = new AdmissionDesk(parts)
    other.stop = () => elsewhere.stop(one.digest, 'suspended', 'a report', BOB)
    const refused = await desk.admit(one.digest, by, ADA)
    assert.equal(refused.ok ? null : refused.error.code, 'changed-meanwhile')
    assert.equal(steps.at(-1)?.act, 'suspended')
  })

  test('weights here without a record wait, and those of the product do not', async () => {
    const { parts } = openDesk()
    assert.equal(dressedOne(parts)?.stopped, 'checking')
    assert.equal(dressedOne(parts, { isEnrolling: false })?.stopped, 'quarantined')
    const known = dressedOne(parts, { pinned: new Set([one.digest]) })
    assert.deepEqual([known?.weights, known?.stopped], ['verified', undefined])
  })

  test('a server is matched by the digest it reports, else taken at the word of the configuration', async () => {
    const { desk, parts } = openDesk()
    const aliased = manifest('a', { aliasDigests: ['c'.repeat(64)] })
    await desk.bring(aliased, ADA)
    await desk.admit(one.digest, by, ADA)
    const server = (weights?: 'verified') => ({
      ...embedded(),
      id: 'ollama',
      origin: 'config' as const,
      models: [{ name: 'm', upstream: 'm:1', ...(weights ? { weights } : {}) }],
    })
    const dress = (reported: string | null, weights?: 'verified') =>
      dressed(server(weights), {
        ...parts,
        isEnrolling: true,
        reported: (_, upstream) => (upstream === 'm:1' ? reported : null),
      }).models[0]
    assert.deepEqual(dress('c'.repeat(64)), {
      name: 'm',
      upstream: 'm:1',
      digest: 'c'.repeat(64),
      attested: 'reported',
      weights: 'verified',
    })
    assert.deepEqual(dress(null, 'verified')?.attested, 'configured')
    assert.deepEqual(dress('d'.repeat(64)), { name: 'm', upstream: 'm:1' })
    await desk.stop(one.digest, 'suspended', 'x', ADA)
    assert.equal(dress('a'.repeat(64))?.stopped, 'suspended')
  })
})

const embedded = () => ({
  id: 'embedded',
  dialect: 'openai' as const,
  address: { kind: 'socket' as const, path: '' },
  zone: 'device' as const,
  jurisdiction: 'local',
  clearance: 'restricted' as const,
  state: 'enabled' as const,
  origin: 'embedded' as const,
  models: [{ name: 'm', upstream: 'm', digest: one.digest }],
})

const dressedOne = (
  parts: ReturnType<typeof openDesk>['parts'],
  over: { isEnrolling?: boolean; pinned?: ReadonlySet<string> } = {},
) => dressed(embedded(), { ...parts, isEnrolling: true, reported: () => null, ...over }).models[0]

test('bytes that were revoked serve in no other company either', async () => {
  const { desk, book } = openDesk()
  const weights = { path: 'a.gguf', digest: 'a'.repeat(64), bytes: 1 }
  const licence = { path: 'LICENSE', digest: 'b'.repeat(64), bytes: 1 }
  const alone = manifest('4', { files: [weights, licence] })
  const again = manifest('5', { files: [weights, { ...licence, digest: 'c'.repeat(64) }] })
  const other = manifest('6', { files: [{ ...weights, digest: 'd'.repeat(64) }, licence] })
  for (const one of [alone, again, other]) await desk.bring(one, ADA)
  const stopOf = (digest: string) =>
    standingBy({ book, key: KEY, now: () => START }, digest)?.stopped
  assert.equal(stopOf(again.digest), null)
  value(await desk.stop(alone.digest, 'revoked', 'found out', BOB))
  assert.equal(stopOf(again.digest), 'revoked')
  // a licence is many models'
  assert.equal(stopOf(other.digest), null)
  const later = manifest('7', { files: [{ ...weights, path: 'b.gguf' }] })
  await desk.bring(later, ADA)
  assert.equal(stopOf(later.digest), 'revoked')
})

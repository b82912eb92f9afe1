import { deepEqual, equal, ok } from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { ADA, BOB, KEY, manifest, openDesk, scanned, START } from './admission.fixture.ts'
import { companyKey } from './company-key.ts'
import { countersign, isCountersigned } from './countersign.ts'
import type { AdmissionRecord } from './record.ts'
import { houseOf, readSignedRecord, signRecord, verifyBrought } from './signed-record.ts'

const OFFICE = companyKey(new Uint8Array(48).fill(9))
const DAY = 86_400_000
const model = manifest('a')
const OTHERS = [{ path: 'model.gguf', digest: 'c'.repeat(64), bytes: 10 }]
const proof = { kind: 'digest', detail: 'given' } as const

const house = (accepts: 'verified' | 'approved' = 'verified', key = OFFICE) => {
  const made = houseOf('head-office', key.publicPem, accepts)
  ok(made)
  return made
}

/** A model that head office approved, as it travels. */
async function approvedThere(): Promise<AdmissionRecord> {
  const { desk, time } = openDesk({ key: OFFICE })
  await desk.bring(model, ADA)
  await desk.admit(model.digest, proof, ADA)
  time.now += 1000
  const approved = await desk.approve(model.digest, 'reviewed', BOB)
  ok(approved.ok)
  return approved.value
}

const travelling = (record: AdmissionRecord, key = OFFICE) => ({
  record: signRecord(record, key, START + 2000),
  bundle: record.approval?.bundle ?? countersign(record, key),
})

/** A desk of this house at which the model has arrived. */
async function arrived(over: Parameters<typeof openDesk>[0] = {}) {
  const opened = openDesk(over)
  opened.time.now = START + DAY
  const brought = await opened.desk.bring(model, ADA)
  ok(brought.ok)
  return opened
}

describe('the signed record of another house', () => {
  test('names who and when, and no person', async () => {
    const text = signRecord(await approvedThere(), OFFICE, START + 2000)
    const { statement, keyId } = readSignedRecord(text) ?? {}
    equal(keyId, OFFICE.fingerprint)
    deepEqual(
      [statement?.state, statement?.approval, statement?.evidence?.kind],
      ['approved', { by: 'key-bob', at: START + 1000, reason: 'reviewed' }, 'digest'],
    )
    const said = JSON.stringify(statement)
    ok(!said.includes('"bob"') && !said.includes('"ada"'))
  })

  test('of a trusted key makes weights verified, with who and when, and never approved by itself', async () => {
    const { desk, steps } = await arrived()
    const given = travelling(await approvedThere())
    const accepted = await desk.accept(model.digest, given, [house()], ADA)
    ok(accepted.ok, JSON.stringify(accepted))
    const { state, evidence, approval } = accepted.value
    deepEqual(
      [state, approval, evidence?.kind, evidence?.by],
      ['verified', null, 'house', 'key-ada'],
    )
    equal(
      evidence?.detail,
      `head-office (key ${OFFICE.fingerprint.slice(0, 16)}): approved by key-bob, ${new Date(START + 1000).toISOString()}`,
    )
    const last = steps.at(-1)
    deepEqual(
      [last?.act, last?.codes],
      ['imported', ['house', `key-${OFFICE.fingerprint.slice(0, 16)}`]],
    )
  })

  test('makes them approved where the configuration says so: signed with the key of this house, told as a step of its own', async () => {
    const { desk, steps } = await arrived({ needsTwoPersons: () => true })
    const given = travelling(await approvedThere())
    const accepted = await desk.accept(model.digest, given, [house('approved')], ADA)
    ok(accepted.ok)
    equal(accepted.value.state, 'approved')
    ok(isCountersigned(accepted.value, KEY, START + DAY))
    deepEqual(
      steps.slice(-2).map(({ act, who, why }) => [act, who.by, why?.slice(0, 17)]),
      [
        ['imported', 'key-ada', 'head-office (key '],
        ['approved', 'system', 'house head-office'],
      ],
    )
  })

  test('whoever imported it is not the second person', async () => {
    const { desk } = await arrived({ needsTwoPersons: () => true })
    const given = travelling(await approvedThere())
    ok((await desk.accept(model.digest, given, [house()], BOB)).ok)
    const own = await desk.approve(model.digest, null, BOB)
    equal(own.ok ? null : own.error.code, 'second-person')
  })

  test('lifts no suspension, brings nothing back that was revoked, and cannot pass what the scan here forbids', async () => {
    const given = travelling(await approvedThere())
    for (const state of ['suspended', 'revoked'] as const) {
      const { desk } = await arrived()
      await desk.stop(model.digest, state, 'why', BOB)
      const refused = await desk.accept(model.digest, given, [house('approved')], ADA)
      equal(refused.ok ? null : refused.error.code, 'admission-step', state)
    }
    const bad = scanned({ verdict: 'forbidden', servable: false })
    const { desk, book } = await arrived({ scan: () => Promise.resolve(bad) })
    const refused = await desk.accept(model.digest, given, [house('approved')], ADA)
    equal(refused.ok ? null : refused.error.code, 'admission-step')
    equal(book.of(model.digest)?.record?.state, 'quarantined')
    const gone = await arrived({ isIntact: () => Promise.resolve(false) })
    const missing = await gone.desk.accept(model.digest, given, [house()], ADA)
    equal(missing.ok ? null : missing.error.code, 'weights-missing')
  })

  test('counts for nothing when anything about it does not hold', async () => {
    const record = await approvedThere()
    const given = travelling(record)
    const { desk, book } = await arrived()
    const other = companyKey(new Uint8Array(48).fill(3))
    const suspended = { ...record, state: 'suspended', approval: null } as const
    const elsewhere: AdmissionRecord = { ...record, digest: 'b'.repeat(64) }
    const forged = JSON.parse(given.record) as { payload: string }
    const payload = Buffer.from(forged.payload, 'base64').toString().replace('reviewed', 'Reviewed')
    const cases = {
      'key-not-trusted': [given, []],
      'record-malformed': [{ ...given, record: '{}' }, [house()]],
      'record-forged': [
        {
          ...given,
          record: JSON.stringify({ ...forged, payload: Buffer.from(payload).toString('base64') }),
        },
        [house()],
      ],
      'signature-broken': [{ ...given, bundle: countersign(record, other) }, [house()]],
      'files-differ': [
        { ...given, bundle: countersign({ ...record, files: OTHERS }, OFFICE) },
        [house()],
      ],
      'record-of-others': [{ ...given, record: signRecord(elsewhere, OFFICE, START) }, [house()]],
      'not-approved-there': [{ ...given, record: signRecord(suspended, OFFICE, START) }, [house()]],
      'clock-ahead': [
        { ...given, record: signRecord(record, OFFICE, START + 30 * DAY) },
        [house()],
      ],
    } as const
    for (const [reason, [brought, houses]] of Object.entries(cases)) {
      const refused = await desk.accept(model.digest, brought, houses, ADA)
      equal(refused.ok ? null : refused.error.detail?.['reason'], reason)
    }
    // one key over the record and another over the files is no approval either, both being trusted
    const mixed = { ...given, bundle: countersign(record, other) }
    const both = [house(), house('approved', other)]
    const refused = await desk.accept(model.digest, mixed, both, ADA)
    equal(refused.ok ? null : refused.error.detail?.['reason'], 'signature-broken')
    equal(book.of(model.digest)?.record?.state, 'scanned')
    equal(book.of(model.digest)?.record?.evidence, null)
  })

  test('with any character changed it is no approval', async () => {
    const record = await approvedThere()
    const given = travelling(record)
    fc.assert(
      fc.property(
        fc.nat({ max: given.record.length - 1 }),
        fc.constantFrom('A', '0', 'z', ' ', '}'),
        (at, letter) => {
          const text = `${given.record.slice(0, at)}${letter}${given.record.slice(at + 1)}`
          const read = verifyBrought(record, { ...given, record: text }, [house()], START + DAY)
          // unless it means what was signed: white space, or bits of base64 that count for nothing
          if (!read.ok) return
          deepEqual(read.value.statement, readSignedRecord(given.record)?.statement)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('arbitrary text is none, and a key that is none is no house', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        equal(readSignedRecord(text), null)
      }),
    )
    equal(readSignedRecord(' '.repeat(200_000)), null)
    equal(houseOf('x', 'nothing', 'verified'), null)
    const { publicKey } = generateKeyPairSync('ed25519')
    equal(houseOf('x', String(publicKey.export({ type: 'spki', format: 'pem' })), 'verified'), null)
  })
})

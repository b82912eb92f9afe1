import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADA, manifest, memoryAdmissions, openDesk } from './admission.fixture.ts'
import { AdmissionBook } from './book.ts'
import type { AdmissionRow } from './ports.ts'

const one = manifest('d')
const by = { kind: 'digest', detail: 'given' } as const

test('rows that were read before a change, and come in after it, bring nothing back', async () => {
  const store = memoryAdmissions()
  const late = Promise.withResolvers<readonly AdmissionRow[]>()
  let isLate = false
  const list = (): Promise<readonly AdmissionRow[]> => (isLate ? late.promise : store.list())
  const book = new AdmissionBook({ ...store, list })
  const { desk } = openDesk({ book })
  await desk.bring(one, ADA)
  await desk.admit(one.digest, by, ADA)
  const before = await store.list()
  isLate = true
  const reading = book.read()
  await desk.stop(one.digest, 'revoked', 'a report', ADA)
  late.resolve(before)
  await reading
  assert.equal(book.of(one.digest)?.record?.state, 'revoked')
})

test('a digest of servers that two records have is judged by the one that is against it', async () => {
  for (const order of [
    ['e', 'f'],
    ['f', 'e'],
  ] as const) {
    const { desk, book } = openDesk()
    const [bad, good] = [
      manifest('e', { aliasDigests: ['0'.repeat(64)] }),
      manifest('f', { aliasDigests: ['0'.repeat(64)] }),
    ]
    for (const digit of order) await desk.bring(digit === 'e' ? bad : good, ADA)
    await desk.stop(bad.digest, 'revoked', 'a report', ADA)
    await desk.admit(good.digest, by, ADA)
    assert.equal(book.of('0'.repeat(64))?.digest, bad.digest)
  }
})

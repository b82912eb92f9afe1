import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADA, KEY, manifest, openDesk, scanned, START } from './admission.fixture.ts'
import { factsOf } from './facts.ts'

const DAY = 86_400_000

test('facts of an admission tell the state, since when, what kind of who, and what holds now, and name nobody', async () => {
  const pickle = scanned({ verdict: 'not-analysed', servable: false, needs: ['pickle'] })
  const { desk, book, time } = openDesk({ scan: () => Promise.resolve(pickle) })
  const model = manifest('a')
  await desk.bring(model, ADA)
  time.now += DAY
  await desk.admit(model.digest, { kind: 'digest', detail: 'given by ada' }, ADA)
  time.now += DAY
  const expiresAt = time.now + DAY
  await desk.except(model.digest, { kinds: ['pickle'], reason: 'old', expiresAt }, ADA)
  const { record } = book.of(model.digest) ?? {}
  assert.ok(record)
  const facts = factsOf(record, KEY, time.now)
  assert.deepEqual(
    { ...facts, record: facts.record.length },
    {
      state: 'verified',
      since: START + DAY,
      by: 'person',
      evidence: 'digest',
      licence: null,
      exceptions: [{ kinds: ['pickle'], until: expiresAt }],
      record: 64,
    },
  )
  // a digest may spell anything
  assert.doesNotMatch(JSON.stringify({ ...facts, record: '' }), /ada/)
  assert.deepEqual(factsOf(record, KEY, expiresAt).exceptions, [], 'it is over')
  assert.equal(factsOf(record, KEY, expiresAt).record, facts.record)
  const stopped = await desk.stop(model.digest, 'suspended', 'why', { by: 'local', person: null })
  assert.ok(stopped.ok)
  const after = factsOf(stopped.value, KEY, time.now)
  assert.deepEqual([after.state, after.by], ['suspended', 'owner'])
  assert.notEqual(after.record, facts.record)
})

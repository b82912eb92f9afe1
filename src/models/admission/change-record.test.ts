import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FileReport } from '../weights/verdict.ts'
import { ADA, BOB, KEY, manifest, openDesk, scanned, START } from './admission.fixture.ts'
import { hasPassed } from './change-record.ts'
import { MOST_CHANGES, type RecordedScan } from './record.ts'
import { recorded } from './scan-apart.ts'
import { standingOf } from './standing.ts'

const one = manifest('c')
const by = { kind: 'digest', detail: 'given' } as const
const bad = scanned({ verdict: 'forbidden', servable: false })

/** A desk whose scanner finds what `found` says at the time. */
function deskThatFinds(twoPersons = false) {
  const found: { scan: RecordedScan } = { scan: scanned() }
  const needsTwoPersons = (): boolean => twoPersons
  const opened = openDesk({ scan: () => Promise.resolve(found.scan), needsTwoPersons })
  return { ...opened, found }
}

void describe('a scan that is against weights', () => {
  test('outweighs a suspension: neither admitting nor approving lifts it then', async () => {
    const { desk, found } = deskThatFinds()
    await desk.bring(one, ADA)
    await desk.admit(one.digest, by, ADA)
    await desk.stop(one.digest, 'suspended', 'a report', ADA)
    found.scan = bad
    const scan = await desk.scan(one.digest, ADA)
    assert.equal(scan.ok && scan.value.evidence, null)
    for (const step of [
      await desk.approve(one.digest, null, BOB),
      await desk.admit(one.digest, by, BOB),
    ])
      assert.equal(step.ok ? step.value.state : step.error.code, 'admission-step')
  })

  test('outweighs a state that another hand has written', async () => {
    const { desk } = deskThatFinds()
    await desk.bring(one, ADA)
    const admitted = await desk.admit(one.digest, by, ADA)
    assert.ok(admitted.ok)
    const standing = standingOf({ ...admitted.value, scan: bad }, KEY, START)
    assert.deepEqual([standing.weights, standing.stopped], ['unverified', 'quarantined'])
  })

  test('is seen behind any number of files of a strange format', () => {
    const files = Array.from({ length: 150 }, (_, at) => strange(`${at}.xyz`, 'unknown-format'))
    const report = {
      root: 'm',
      verdict: 'not-analysed' as const,
      servable: false,
      exceptions: [{ kind: 'unknown-format' as const, files: files.map(({ path }) => path) }],
      bytesRead: 0,
    }
    assert.equal(hasPassed(recorded({ ...report, files }, START)), true, 'an exception answers')
    const hidden = [...files, strange('z.gguf', 'limit-reached')]
    assert.equal(hasPassed(recorded({ ...report, files: hidden }, START)), false)
  })
})

void describe('the changes of a record', () => {
  test('keep who had a hand in it, whatever happens a hundred times after', async () => {
    const { desk } = deskThatFinds(true)
    await desk.bring(one, ADA)
    await desk.admit(one.digest, by, BOB)
    for (let times = 0; times < MOST_CHANGES + 5; times++) await desk.scan(one.digest, ADA)
    const refused = await desk.approve(one.digest, null, ADA)
    assert.equal(refused.ok ? 'approved' : refused.error.code, 'second-person')
    const again = await desk.scan(one.digest, ADA)
    assert.equal(again.ok && again.value.changes.length, MOST_CHANGES)
  })
})

const strange = (path: string, rule: 'unknown-format' | 'limit-reached'): FileReport => ({
  path,
  format: 'unknown',
  size: 1,
  verdict: 'not-analysed',
  servable: false,
  exception: 'unknown-format',
  findings: [{ rule, severity: 'medium', effect: 'unread', place: { file: path } }],
  templates: [],
  facts: {},
})

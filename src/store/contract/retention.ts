import assert from 'node:assert/strict'
import { createCheckpointer } from '#ledger/evidence/checkpointer.ts'
import { createFollower } from '#ledger/follower.ts'
import { signerOf } from '#ledger/evidence/signing.ts'
import { readEvent } from '#ledger/read-event.ts'
import { retain, type Retention } from '#ledger/retain.ts'
import { SAMPLES, sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { DAY, HOUR } from '#ledger/tally.ts'
import { verifyLedger } from '#ledger/verify.ts'
import type { OpenFresh } from '../contract.ts'
import type { Store } from '../ports.ts'
import { START, withStore, writerOn } from './filled.ts'

const NEVER = 1000 * DAY

const settingsOf = (over: Partial<Retention>): Retention => ({
  decisionMs: NEVER,
  classMs: new Map(),
  otherMs: NEVER,
  recordMs: null,
  ...over,
})

/** Ten requests, every other one restricted, with an admin change after each, and a checkpoint after every five. */
async function filled(store: Store) {
  const { append, writer } = await writerOn(store)
  const signer = signerOf(new Uint8Array(32).fill(7))
  await store.evidence.addKey({ generation: 1, key: signer.key, signature: null })
  const clock = () => START + 5 * HOUR
  const { make } = createCheckpointer({ ...store, signer, clock })
  for (let i = 0; i < 10; i += 1) {
    const id = await append(sampleDecision({ class: i % 2 ? 'restricted' : 'public' }))
    await append(sampleOutcome(id))
    await append(sampleAdmin())
    if (i % 5 === 4) assert.equal((await make()).kind, 'made')
  }
  await append(SAMPLES.checkpoint)
  const run = (now: number, over: Partial<Retention>) =>
    retain({
      ...store,
      record: writer,
      clock: () => now,
      settings: settingsOf(over),
      tenant: 'default',
    })
  const verify = () => verifyLedger(store.ledger, { evidence: store.evidence })
  return { run, verify }
}

const left = async (store: Store): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for await (const { record } of store.ledger.walk('main', 1)) {
    const event = readEvent(record?.payload ?? null)
    const name = event?.type === 'decision' ? event.class : (event?.type ?? 'erased')
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** What goes leaves the rest whole. */
export function retentionContract(open: OpenFresh): void {
  withStore(
    open,
    'payloads go by class and by type, at their time, and the chain stays',
    async (store) => {
      const { run, verify } = await filled(store)
      await createFollower({ ...store, block: 4 }).catchUp()
      await run(START + HOUR, { decisionMs: DAY })
      assert.deepEqual(await left(store), {
        public: 5,
        restricted: 5,
        outcome: 10,
        admin: 10,
        checkpoint: 1,
      })
      await run(START + DAY, { classMs: new Map([['restricted', HOUR]]) })
      assert.deepEqual(await left(store), {
        erased: 10,
        public: 5,
        outcome: 5,
        admin: 10,
        checkpoint: 1,
        erasure: 1,
      })
      await run(START + DAY, { decisionMs: HOUR })
      await run(START + DAY, { decisionMs: HOUR, otherMs: HOUR })
      assert.deepEqual(await left(store), { erased: 30, checkpoint: 1, erasure: 3 })
      await run(START + DAY, { decisionMs: HOUR, otherMs: HOUR })
      assert.deepEqual((await left(store))['erasure'], 3)
      const report = await verify()
      assert.deepEqual(
        [report.firstProblem, report.erased, report.checkpoints.count],
        [null, 30, 2],
      )
      const found = await store.decisions.decisions({ class: 'restricted' })
      assert.ok(found.ok && found.value.rows.length === 0)
    },
  )

  withStore(
    open,
    'whole records go behind a checkpoint, and verification goes on from it',
    async (store) => {
      const { run, verify } = await filled(store)
      await run(START + HOUR, { recordMs: DAY })
      assert.equal((await verify()).records, 31)
      await run(START + 3 * DAY, { recordMs: DAY })
      const report = await verify()
      assert.deepEqual([report.firstProblem, report.removed, report.records], [null, 30, 2])
      await run(START + 3 * DAY, { recordMs: DAY })
      assert.equal((await verify()).records, 2)
    },
  )

  withStore(
    open,
    'records taken out without an event that tells of it are missed',
    async (store) => {
      const { verify } = await filled(store)
      assert.equal(await store.erasure.removeUpTo('main', 15, 1000), 15)
      assert.equal(await store.erasure.removeUpTo('main', 15, 1000), 0)
      const report = await verify()
      assert.deepEqual([report.firstProblem?.problem, report.firstProblem?.seq], ['gap', 1])
    },
  )
}

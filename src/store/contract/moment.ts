import assert from 'node:assert/strict'
import { rotationMessage } from '#ledger/evidence/checkpoint.ts'
import { createCheckpointer } from '#ledger/evidence/checkpointer.ts'
import { signerOf } from '#ledger/evidence/signing.ts'
import { sampleAdmin } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import type { Store } from '../ports.ts'
import { START, writerOn } from './filled.ts'

const keyOf = (generation: number) => signerOf(new Uint8Array(32).fill(generation))

/** Verifies through `reader`, opened as of one moment, while records, checkpoints, a key and a writer come in through `store` and the oldest records go. */
export async function verifyWhileWritten(store: Store, reader: Store): Promise<void> {
  const main = await writerOn(store)
  const [first, second] = [keyOf(1), keyOf(2)]
  await store.evidence.addKey({ generation: 1, key: first.key, signature: null })
  const clock = () => START
  const { make } = createCheckpointer({ ...store, signer: first, clock })
  for (let i = 0; i < 3; i += 1) await main.append(sampleAdmin())
  assert.equal((await make()).kind, 'made')
  let writes = 0
  const write = async (): Promise<void> => {
    writes += 1
    await main.append(sampleAdmin())
    if (writes > 1) return
    await (await writerOn(store, 'other')).append(sampleAdmin())
    const signature = first.sign(rotationMessage(2, second.key))
    await store.evidence.addKey({ generation: 2, key: second.key, signature })
    const later = createCheckpointer({ ...store, signer: second, clock })
    assert.equal((await later.make()).kind, 'made')
    await store.erasure.removeUpTo('main', 2, 2)
  }
  const { evidence, ledger } = reader
  const watched = {
    ...evidence,
    async *checkpoints(from: number | null) {
      for await (const one of evidence.checkpoints(from)) {
        yield one
        await write()
      }
    },
  }
  const trust = { keys: [first.key] }
  const report = await verifyLedger(ledger, { evidence: watched, trust, each: write })
  assert.deepEqual(
    [report.ok, report.records, report.heads.map(({ seq }) => seq), report.checkpoints.count],
    [true, 3, [3], 1],
  )
  assert.ok(writes >= 4)
  assert.deepEqual(
    (await store.ledger.heads()).map(({ writer, seq }) => [writer, seq]),
    [
      ['main', 3 + writes],
      ['other', 1],
    ],
  )
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, hex } from '../hash.ts'
import type { EvidenceStore } from '../ports.ts'
import { headerText } from '../hash.ts'
import { createHash } from 'node:crypto'
import { memoryLedger } from '../memory-ledger.fixture.ts'
import { verifyLedger } from '../verify.ts'
import { anchorLine, deliver, readAnchorLine } from './anchors.ts'
import { checkpointMessage, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts'
import { createCheckpointer } from './checkpointer.ts'
import { holdsConsistency, proveConsistency } from './consistency.ts'
import { rootFromPath } from './merkle.ts'
import { proveRecords } from './prove.ts'
import { currentSigner, rotateKey } from './signing-keys.ts'
import { isSignedBy, signerOf } from './signing.ts'

const clock = () => 1_700_000_000_000
const seedOf = (generation: number) => new Uint8Array(32).fill(generation)

async function covered(rounds: number) {
  const ledger = memoryLedger(['one', 'two'])
  const { evidence } = ledger
  const current = await currentSigner(evidence, seedOf)
  assert.ok(current)
  const checkpointer = createCheckpointer({ ...ledger, ledger, signer: current.signer, clock })
  for (let round = 0; round < rounds; round += 1) {
    ledger.append('one', 3)
    if (round % 2 === 0) ledger.append('two', 2)
    assert.equal((await checkpointer.make()).kind, 'made')
  }
  return { ledger, evidence, checkpointer, signer: current.signer }
}

const list = async (evidence: EvidenceStore) => Array.fromAsync(evidence.checkpoints(1))

test('checkpoints cover every record once, and nothing new makes none', async () => {
  const { ledger, evidence, checkpointer } = await covered(4)
  assert.equal((await checkpointer.make()).kind, 'nothing-new')
  ledger.append('one', 1, 'checkpoint')
  assert.equal((await checkpointer.make()).kind, 'nothing-new')
  const bodies = (await list(evidence)).map(({ body }) => readCheckpoint(body))
  assert.deepEqual(
    bodies.map((body) => body?.records),
    [5, 8, 13, 16],
  )
  const report = await verifyLedger(ledger, { evidence })
  assert.deepEqual([report.ok, report.checkpoints.count], [true, 4])
})

test('what was changed is never signed', async () => {
  const { ledger, checkpointer } = await covered(1)
  ledger.append('one', 4)
  ledger.edit('one', 6, (record) => ({ ...record, tenant: 'other' }))
  assert.deepEqual(await checkpointer.make(), { kind: 'fault', writer: 'one', seq: 6 })
})

test('a receipt leads through its proof to a signature, by nothing but hashing', async () => {
  const { ledger, evidence, signer } = await covered(3)
  const id = ledger.ids('one')[4]!
  const [proof] = await proveRecords(ledger, evidence, id)
  assert.ok(proof?.inclusion)
  const { header, inclusion } = proof
  const text = headerText(header as never)
  assert.equal(createHash('sha256').update(text).digest('hex'), proof.hash)
  const { index, size, path, checkpoint } = inclusion
  const root = rootFromPath(bytesOf(proof.hash), index, size, path.map(bytesOf))
  const chain = readCheckpoint(checkpoint.body)?.chains.find(({ writer }) => writer === 'one')
  assert.equal(hex(root ?? new Uint8Array(0)), chain?.root)
  const signature = bytesOf(checkpoint.signature)
  assert.ok(isSignedBy(signer.key, checkpointMessage(checkpoint.body), signature))
  ledger.append('one', 1)
  const [fresh] = await proveRecords(ledger, evidence, ledger.ids('one').at(-1)!)
  assert.equal(fresh?.inclusion, null)
})

test('later checkpoints hold the earlier ones, and no proof holds for any other', async () => {
  const { evidence } = await covered(9)
  for (let second = 2; second <= 9; second += 1) {
    for (let first = 1; first < second; first += 1) {
      const proof = await proveConsistency(evidence, first, second)
      assert.ok(proof && holdsConsistency(proof), `${first} in ${second}`)
      const path = proof.included.path.toReversed()
      if (path.length > 1) {
        assert.ok(!holdsConsistency({ ...proof, included: { ...proof.included, path } }))
      }
      const forged = proof.first.body.replace(/"at":\d+/, '"at":1')
      assert.ok(!holdsConsistency({ ...proof, first: { ...proof.first, body: forged } }))
      assert.ok(!holdsConsistency({ ...proof, consistent: [...proof.consistent, '00'.repeat(32)] }))
    }
  }
  for (const [first, second] of [
    [3, 3],
    [4, 2],
    [0, 2],
    [2, 10],
    [12, 13],
  ] as const) {
    assert.equal(await proveConsistency(evidence, first, second), null, `${first} in ${second}`)
  }
})

test('every change of what is stored of checkpoints and keys is found', async () => {
  const { ledger, evidence } = await covered(3)
  await rotateKey(evidence, seedOf)
  const checkpoints = await list(evidence)
  const keys = await evidence.keys()
  const outside = () => inOrder(checkpoints)
  const verify = async (over: Partial<EvidenceStore>) =>
    (await verifyLedger(ledger, { evidence: { ...evidence, ...over } })).firstProblem?.problem
  assert.equal(await verify({}), undefined)
  const flip = (bytes: Uint8Array, at: number) => {
    const other = Uint8Array.from(bytes)
    other[at] = (other[at] ?? 0) ^ 1
    return other
  }
  for (const [at, one] of checkpoints.entries()) {
    const instead = (other: Partial<SignedCheckpoint>) => ({
      checkpoints: () => inOrder(checkpoints.with(at, { ...one, ...other })),
    })
    for (let i = 0; i < one.body.length; i += 1) {
      const body =
        one.body.slice(0, i) +
        String.fromCharCode(one.body.charCodeAt(i) ^ 1) +
        one.body.slice(i + 1)
      assert.ok(await verify(instead({ body })), `byte ${i} of checkpoint ${at}`)
    }
    for (let i = 0; i < 64; i += 1) {
      assert.equal(
        await verify(instead({ signature: flip(one.signature, i) })),
        'forged-checkpoint',
      )
    }
    assert.ok(await verify(instead({ number: one.number + 1 })))
    const without = { checkpoints: () => inOrder(checkpoints.toSpliced(at, 1)) }
    if (at < 2) assert.ok(await verify(without))
    const report = await verifyLedger(ledger, {
      evidence: { ...evidence, ...without },
      anchored: outside,
    })
    assert.equal(report.ok, false, 'the one kept outside tells of it')
  }
  for (const [at, key] of keys.entries()) {
    for (let i = 0; i < 32; i += 1) {
      const other = keys.with(at, { ...key, key: flip(key.key, i) })
      assert.ok(await verify({ keys: async () => other }), `byte ${i} of key ${at}`)
    }
    for (let i = 0; i < (key.signature?.length ?? 0); i += 1) {
      const other = keys.with(at, { ...key, signature: flip(key.signature!, i) })
      assert.equal(await verify({ keys: async () => other }), 'wrong-key')
    }
    const moved = keys.with(at, { ...key, generation: key.generation + 2 })
    assert.equal(await verify({ keys: async () => moved }), 'wrong-key')
  }
})

test('a ledger written again with another key is told by the key that is known, or by the anchor', async () => {
  const { ledger, evidence, signer } = await covered(3)
  const forged = memoryLedger(['one', 'two'])
  const other = signerOf(new Uint8Array(32).fill(99))
  await forged.evidence.addKey({ generation: 1, key: other.key, signature: null })
  forged.append('one', 9)
  await createCheckpointer({ ...forged, ledger: forged, signer: other, clock }).make()
  const anchored = () => evidence.checkpoints(1)
  const report = await verifyLedger(forged, {
    evidence: forged.evidence,
    trust: { keys: [signer.key] },
  })
  assert.equal(report.firstProblem?.problem, 'wrong-key')
  const again = await verifyLedger(forged, { evidence: forged.evidence, anchored })
  assert.equal(again.ok, false)
  const fine = await verifyLedger(ledger, { evidence, anchored, trust: { keys: [signer.key] } })
  assert.deepEqual(
    [fine.ok, fine.checkpoints.anchoredUpTo, fine.anchored],
    [true, 3, ['one', 'two']],
  )
})

test('a truncation behind rewritten heads is told by the anchor, with the first record that is gone', async () => {
  const { ledger, evidence } = await covered(3)
  const anchored = await list(evidence)
  ledger.truncate('one', 4)
  const less = { ...evidence, checkpoints: () => inOrder(anchored.slice(0, 1)) }
  assert.equal((await verifyLedger(ledger, { evidence: less })).ok, true)
  const report = await verifyLedger(ledger, { evidence: less, anchored: () => inOrder(anchored) })
  assert.deepEqual(
    [report.firstProblem?.writer, report.firstProblem?.seq, report.firstProblem?.problem],
    ['one', 5, 'missing-head'],
  )
})

test('verification goes on from a checkpoint, and can be stopped', async () => {
  const { ledger, evidence } = await covered(5)
  const part = await verifyLedger(ledger, { evidence, since: 3 })
  assert.deepEqual([part.ok, part.records], [true, 8])
  ledger.edit('one', 2, (record) => ({ ...record, at: 5 }))
  assert.equal((await verifyLedger(ledger, { evidence, since: 3 })).ok, true)
  const whole = await verifyLedger(ledger, { evidence })
  assert.deepEqual([whole.firstProblem?.seq, whole.firstProblem?.problem], [2, 'changed'])
  const stopped = await verifyLedger(ledger, { evidence, signal: AbortSignal.abort() })
  assert.deepEqual([stopped.ok, stopped.interrupted, stopped.firstProblem], [false, true, null])
})

test('an anchor that was away gets every checkpoint, in order', async () => {
  const { evidence } = await covered(5)
  const got: string[] = []
  let isAway = true
  const send = async (line: string) => {
    if (isAway && got.length === 2) return false
    got.push(line)
    return true
  }
  const anchors = [{ name: 'file', send }]
  assert.deepEqual(await deliver(evidence, anchors), ['file'])
  isAway = false
  assert.deepEqual(await deliver(evidence, anchors), [])
  assert.deepEqual(await deliver(evidence, anchors), [])
  const stored = await list(evidence)
  assert.deepEqual(got, stored.map(anchorLine))
  assert.deepEqual(got.map(readAnchorLine), stored)
  assert.equal(readAnchorLine('{"body":"{}","signature":"00"}'), null)
})

async function* inOrder(checkpoints: readonly SignedCheckpoint[]) {
  yield* checkpoints
}

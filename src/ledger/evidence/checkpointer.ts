import type { Clock } from '#kernel/ports.ts'
import type { EpochMs } from '#kernel/units.ts'
import { bytesOf, GENESIS, headerHex, hex, LINK_BYTES, sameBytes } from '../hash.ts'
import type { EvidenceStore, LedgerHead, LedgerStore } from '../ports.ts'
import {
  checkpointHash,
  checkpointMessage,
  checkpointText,
  NO_CHECKPOINT,
  readCheckpoint,
  type CheckpointBody,
  type CoveredChain,
  type SignedCheckpoint,
} from './checkpoint.ts'
import { MerkleTree } from './merkle.ts'
import type { Signer } from './signing.ts'

/** Records of one chain in one checkpoint at most: making one stays short, and so does proving a record in it. */
const MAX_COVERED = 200_000

export interface CheckpointerOptions {
  readonly ledger: Pick<LedgerStore, 'heads' | 'walk'>
  readonly evidence: EvidenceStore
  readonly signer: Signer
  readonly clock: Clock
}

/** What came of trying. `fault`: a record is not what was written, or a checkpoint is not; nothing is signed until somebody has looked. */
export type CheckpointMade =
  | { readonly kind: 'made'; readonly checkpoint: SignedCheckpoint; readonly hash: string }
  | { readonly kind: 'nothing-new' }
  /** Another process has just made one. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'fault'; readonly writer: string; readonly seq: number }

/** Reads what no checkpoint covers yet, checks it on the way, and signs. */
export function createCheckpointer({ ledger, evidence, signer, clock }: CheckpointerOptions) {
  const series = new Series()
  const make = async (): Promise<CheckpointMade> => {
    for await (const one of evidence.checkpoints(series.number + 1)) {
      if (!series.take(one)) return { kind: 'fault', writer: 'checkpoints', seq: one.number }
    }
    const chains: CoveredChain[] = []
    let isWorthIt = false
    for (const head of await ledger.heads()) {
      const stretch = await cover(ledger, head, series.endOf(head.writer))
      if (stretch === null) continue
      if ('fault' in stretch) return { kind: 'fault', writer: head.writer, seq: stretch.fault }
      isWorthIt ||= stretch.isWorthIt
      chains.push(stretch.chain)
    }
    // a checkpoint leaves a record of itself, which alone is no reason for another
    if (!isWorthIt) return { kind: 'nothing-new' }
    const checkpoint = signed(series.body(chains, clock(), signer.key), signer)
    if (!(await evidence.add(checkpoint))) return { kind: 'overtaken' }
    series.take(checkpoint)
    return { kind: 'made', checkpoint, hash: hex(checkpointHash(checkpoint.body)) }
  }
  return { make }
}

function signed(body: CheckpointBody, signer: Signer): SignedCheckpoint {
  const text = checkpointText(body)
  return { number: body.number, body: text, signature: signer.sign(checkpointMessage(text)) }
}

interface End {
  readonly seq: number
  readonly hash: Uint8Array
}

/** What of a chain is new; null when nothing is. */
async function cover(
  ledger: Pick<LedgerStore, 'walk'>,
  { writer, seq: last }: LedgerHead,
  end: End,
): Promise<
  { readonly chain: CoveredChain; readonly isWorthIt: boolean } | { readonly fault: number } | null
> {
  const to = Math.min(last, end.seq + MAX_COVERED)
  if (to <= end.seq) return null
  const tree = new MerkleTree()
  let { seq, hash } = end
  let isWorthIt = false
  for await (const walked of ledger.walk(writer, end.seq + 1)) {
    const { record, link } = walked
    seq += 1
    if (walked.seq !== seq || !record || !link) return { fault: seq }
    hash = bytesOf(headerHex({ ...record, prev: hex(hash), leaf: hex(record.leaf) }))
    if (!sameBytes(hash.subarray(0, LINK_BYTES), link)) return { fault: seq }
    tree.add(hash)
    isWorthIt ||= record.type !== 'checkpoint'
    if (seq === to) break
  }
  if (seq !== to) return { fault: seq + 1 }
  const chain = { writer, from: end.seq + 1, to, head: hex(hash), root: hex(tree.root()) }
  return { chain, isWorthIt }
}

/** All checkpoints so far, as far as the next one depends on them. */
class Series {
  number = 0
  #previous = NO_CHECKPOINT
  #records = 0
  readonly #history = new MerkleTree()
  readonly #ends = new Map<string, End>()

  /** False when it does not follow. */
  take({ number, body }: SignedCheckpoint): boolean {
    const read = readCheckpoint(body)
    const follows = read?.number === number && number === this.number + 1
    if (!read || !follows || read.previous !== this.#previous) return false
    const hash = checkpointHash(body)
    this.#history.add(hash)
    this.#previous = hex(hash)
    this.#records = read.records
    this.number = number
    for (const { writer, to, head } of read.chains) {
      this.#ends.set(writer, { seq: to, hash: bytesOf(head) })
    }
    return true
  }

  endOf(writer: string): End {
    return this.#ends.get(writer) ?? { seq: 0, hash: GENESIS }
  }

  body(chains: readonly CoveredChain[], at: EpochMs, key: Uint8Array): CheckpointBody {
    const covered = chains.reduce((sum, { from, to }) => sum + to - from + 1, 0)
    return {
      v: 1,
      number: this.number + 1,
      at,
      key: hex(key),
      previous: this.#previous,
      history: hex(this.#history.root()),
      records: this.#records + covered,
      chains,
    }
  }
}

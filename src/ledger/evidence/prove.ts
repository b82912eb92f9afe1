import type { StoredRecord } from '../event.ts'
import { bytesOf, GENESIS, headerHex, hex } from '../hash.ts'
import type { EvidenceStore, LedgerStore } from '../ports.ts'
import { checkpointHash, readCheckpoint, type SignedCheckpoint } from './checkpoint.ts'
import { inclusionPath } from './merkle.ts'

/** That one record is covered by a signed checkpoint. Whoever holds the receipt of a request (`id;leaf`) needs nothing else. */
export interface RecordProof {
  /** The header that is hashed: canonical JSON of it, with `prev` and `leaf` in it, gives the record's hash. */
  readonly header: Readonly<Record<string, string | number>>
  readonly hash: string
  /** Null until the next checkpoint. */
  readonly inclusion: {
    readonly index: number
    readonly size: number
    /** From the leaf up, RFC 6962. */
    readonly path: readonly string[]
    readonly root: string
    readonly checkpoint: {
      readonly body: string
      readonly signature: string
      readonly hash: string
    }
  } | null
}

/** The proofs of all records of one id: a decision, and its outcome. */
export async function proveRecords(
  ledger: Pick<LedgerStore, 'byId' | 'walk'>,
  evidence: Pick<EvidenceStore, 'checkpoints'>,
  id: string,
): Promise<readonly RecordProof[]> {
  const proofs: RecordProof[] = []
  for (const record of await ledger.byId(id)) proofs.push(await prove(ledger, evidence, record))
  return proofs
}

async function prove(
  ledger: Pick<LedgerStore, 'walk'>,
  evidence: Pick<EvidenceStore, 'checkpoints'>,
  record: StoredRecord,
): Promise<RecordProof> {
  const { writer, seq } = record
  let [from, to] = [1, seq]
  let before: Uint8Array = GENESIS
  let covering: SignedCheckpoint | null = null
  for await (const checkpoint of evidence.checkpoints(1)) {
    const chain = readCheckpoint(checkpoint.body)?.chains.find((one) => one.writer === writer)
    if (!chain) continue
    if (chain.to < seq) {
      from = chain.to + 1
      before = bytesOf(chain.head)
      continue
    }
    covering = checkpoint
    to = chain.to
    break
  }
  const hashes: Uint8Array[] = []
  let hash = before
  let prev = before
  for await (const walked of ledger.walk(writer, from)) {
    if (!walked.record || walked.seq > to) break
    if (walked.seq === seq) prev = hash
    hash = bytesOf(headerHex({ ...walked.record, prev: hex(hash), leaf: hex(walked.record.leaf) }))
    hashes.push(hash)
  }
  const index = seq - from
  const { id, tenant, at, type, leaf } = record
  return {
    header: { at, id, leaf: hex(leaf), prev: hex(prev), seq, tenant, type, v: 1, writer },
    hash: hex(hashes[index] ?? new Uint8Array(0)),
    inclusion: covering && inclusionOf(covering, writer, hashes, index),
  }
}

function inclusionOf(
  { body, signature }: SignedCheckpoint,
  writer: string,
  hashes: readonly Uint8Array[],
  index: number,
): RecordProof['inclusion'] {
  const chain = readCheckpoint(body)?.chains.find((one) => one.writer === writer)
  return {
    index,
    size: hashes.length,
    path: inclusionPath(hashes, index).map(hex),
    root: chain?.root ?? '',
    checkpoint: { body, signature: hex(signature), hash: hex(checkpointHash(body)) },
  }
}

import type { LedgerRecord } from './event.ts'
import { GENESIS, hex, leafHash, recordHash, sameBytes } from './hash.ts'
import type { LedgerHead, LedgerStore, WalkedRecord } from './ports.ts'

/**
 * gap: a record is missing. reordered: it stands at another's place. changed: it is not what was written.
 * broken-link: it does not name the record before it. missing-head: the records end before, or go on after, the end that was noted.
 */
export type LedgerProblem = 'gap' | 'reordered' | 'changed' | 'broken-link' | 'missing-head'

export interface ProblemFound {
  readonly writer: string
  readonly seq: number
  /** Id of the record at fault, null when it is not there. */
  readonly id: string | null
  readonly problem: LedgerProblem
}

/** A head noted outside the database; `hash` in lower-case hexadecimal. */
export interface Checkpoint {
  readonly writer: string
  readonly seq: number
  readonly hash: string
}

export interface VerifyReport {
  readonly ok: boolean
  /** Records looked at. */
  readonly records: number
  /** Records whose payload was erased: their leaf is checked by the chain, their content cannot be. */
  readonly erased: number
  readonly firstProblem: ProblemFound | null
  /** Where each chain ends: keep these outside to be able to tell a truncation later. */
  readonly heads: readonly Checkpoint[]
  /** Writers whose end was compared with a checkpoint from outside. For all others, records cut off together with the noted head cannot be told from records never written. */
  readonly anchored: readonly string[]
}

/** Reads every chain once, in constant memory, and names the first record that is not as it was written. */
export async function verifyLedger(
  store: Pick<LedgerStore, 'heads' | 'walk'>,
  checkpoints: readonly Checkpoint[] = [],
): Promise<VerifyReport> {
  const heads = await store.heads()
  const chains: ChainCheck[] = []
  for (const head of heads) {
    const chain = new ChainCheck(head.writer, checkpoints)
    for await (const walked of store.walk(head.writer, 1)) chain.add(walked)
    chain.finish(head)
    chains.push(chain)
  }
  for (const { writer } of checkpoints) {
    if (chains.some((chain) => chain.writer === writer)) continue
    const chain = new ChainCheck(writer, checkpoints)
    chain.finish({ writer, seq: 0, hash: GENESIS })
    chains.push(chain)
  }
  const firstProblem = chains.find(({ problem }) => problem)?.problem ?? null
  return {
    ok: firstProblem === null,
    records: chains.reduce((sum, chain) => sum + chain.records, 0),
    erased: chains.reduce((sum, chain) => sum + chain.erased, 0),
    firstProblem,
    heads: chains.map(({ writer, seq, hash }) => ({ writer, seq, hash: hex(hash) })),
    anchored: [...new Set(checkpoints.map(({ writer }) => writer))],
  }
}

/** A link that did not hold, until the records after it tell whose fault it is. */
interface Suspicion {
  readonly expected: Uint8Array
  readonly before: LedgerRecord | null
  readonly record: LedgerRecord
  readonly hash: Uint8Array
  /** Whether the record after it (or the noted head) still vouches for it. */
  vouched: boolean | null
  moved: boolean
}

/** One writer's chain, record by record. */
class ChainCheck {
  readonly writer: string
  records = 0
  erased = 0
  seq = 0
  hash: Uint8Array = GENESIS
  problem: ProblemFound | null = null
  readonly #checkpoints: readonly Checkpoint[]
  #before: LedgerRecord | null = null
  #suspicion: Suspicion | null = null
  #missing: number | null = null

  constructor(writer: string, checkpoints: readonly Checkpoint[]) {
    this.writer = writer
    this.#checkpoints = checkpoints.filter((checkpoint) => checkpoint.writer === writer)
  }

  add({ seq, record }: WalkedRecord): void {
    this.records += 1
    if (record && record.payload === null && record.salt === null) this.erased += 1
    if (this.problem) return this.#lookAhead(seq, record)
    if (this.#suspicion) return this.#testify(record)
    const expectedSeq = this.seq + 1
    if (seq < expectedSeq) return this.#report(seq, record?.id ?? null, 'reordered')
    if (seq > expectedSeq) {
      this.#missing = expectedSeq
      return this.#report(expectedSeq, null, 'gap')
    }
    if (!record || record.seq !== seq || record.writer !== this.writer || !leafHolds(record)) {
      return this.#report(seq, record?.id ?? null, 'changed')
    }
    const hash = recordHash(record)
    if (!sameBytes(record.prev, this.hash)) {
      const [expected, before] = [this.hash, this.#before]
      this.#suspicion = { expected, before, record, hash, vouched: null, moved: false }
      return undefined
    }
    this.seq = seq
    this.hash = hash
    this.#before = record
    return this.#compare(record)
  }

  /** Compares the end with the head that the store noted and with the checkpoints from outside. */
  finish(head: LedgerHead): void {
    if (this.#suspicion) this.#conclude(this.#suspicion, head)
    if (this.problem) return
    if (head.seq !== this.seq) {
      const id = head.seq < this.seq ? (this.#before?.id ?? null) : null
      this.#report(head.seq < this.seq ? this.seq : this.seq + 1, id, 'missing-head')
    } else if (!sameBytes(head.hash, this.hash)) {
      this.#report(this.seq, this.#before?.id ?? null, 'changed')
    } else if (this.#checkpoints.some(({ seq }) => seq > this.seq)) {
      this.#report(this.seq + 1, null, 'missing-head')
    }
  }

  #report(seq: number, id: string | null, problem: LedgerProblem): void {
    this.problem = { writer: this.writer, seq, id, problem }
  }

  #compare(record: LedgerRecord): void {
    for (const { seq, hash } of this.#checkpoints) {
      if (seq === record.seq && hash !== hex(this.hash)) this.#report(seq, record.id, 'changed')
    }
  }

  /** After a gap: if the missing record turns up later it was moved, not deleted. */
  #lookAhead(seq: number, record: LedgerRecord | null): void {
    if (seq !== this.#missing) return
    this.#missing = null
    this.#report(seq, record?.id ?? null, 'reordered')
  }

  #testify(record: LedgerRecord | null): void {
    const suspicion = this.#suspicion
    if (!suspicion || !record) return
    suspicion.vouched ??= sameBytes(record.prev, suspicion.hash)
    if (sameBytes(record.prev, suspicion.expected)) suspicion.moved = true
  }

  /** The record that should stand here found elsewhere: moved. The one that stands here vouched for: the one before it was changed. Neither: its own link was. */
  #conclude({ before, record, hash, vouched, moved }: Suspicion, head: LedgerHead): void {
    const intact = vouched ?? (head.seq === record.seq && sameBytes(head.hash, hash))
    if (moved) this.#report(record.seq, record.id, 'reordered')
    else if (intact && before) this.#report(before.seq, before.id, 'changed')
    else this.#report(record.seq, record.id, 'broken-link')
  }
}

/** Payload and salt go together: both there and hashing to the leaf, or both erased. */
function leafHolds({ salt, payload, leaf }: LedgerRecord): boolean {
  if (salt === null || payload === null) return salt === payload
  return sameBytes(leafHash(salt, payload), leaf)
}

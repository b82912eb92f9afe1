import type { StoredRecord } from './event.ts'
import type { NumberedCover } from './evidence/check-checkpoints.ts'
import { MerkleTree } from './evidence/merkle.ts'
import { bytesOf, GENESIS, headerHex, hex, LINK_BYTES, sameBytes } from './hash.ts'
import type { LedgerHead, WalkedRecord } from './ports.ts'
import type { Checkpoint } from './verify.ts'

/**
 * gap: a record is missing. reordered: it stands at another's place. changed: it is not what was written.
 * missing-head: the records end before, or go on after, the end that was noted or signed. The others are about checkpoints:
 * it is not what was signed, it is signed by a key that may not, or one is missing.
 */
export type LedgerProblem =
  | 'gap'
  | 'reordered'
  | 'changed'
  | 'missing-head'
  | 'forged-checkpoint'
  | 'wrong-key'
  | 'missing-checkpoint'

export interface ProblemFound {
  /** Name of the chain; `checkpoints` when the fault is in one of those, and then `seq` is its number. */
  readonly writer: string
  readonly seq: number
  /** Id of the record at fault, null when it is not there. */
  readonly id: string | null
  readonly problem: LedgerProblem
  /** Number of the checkpoint that the records up to `seq`, from the one after it on before, do not lead to. */
  readonly checkpoint?: number
}

/** One writer's chain, record by record. */
export class ChainCheck {
  readonly writer: string
  records = 0
  erased = 0
  removed = 0
  seq = 0
  hash: Uint8Array = GENESIS
  problem: ProblemFound | null = null
  readonly #noted: readonly Checkpoint[]
  readonly #covers: AsyncIterator<NumberedCover>
  #cover: NumberedCover | null = null
  #tree = new MerkleTree()
  #missing: number | null = null
  #id: string | null = null

  constructor(writer: string, noted: readonly Checkpoint[], covers: AsyncIterator<NumberedCover>) {
    this.writer = writer
    this.#noted = noted.filter((checkpoint) => checkpoint.writer === writer)
    this.#covers = covers
  }

  /** Goes to where the checkpoint of this number left the chain. */
  async begin(since: number): Promise<void> {
    await this.#nextCover()
    while (this.#cover && this.#cover.number <= since) {
      this.seq = this.#cover.to
      this.hash = bytesOf(this.#cover.head)
      await this.#nextCover()
    }
  }

  async add({ seq, record, link }: WalkedRecord): Promise<void> {
    this.records += 1
    if (record && record.payload === null) this.erased += 1
    if (this.problem) return this.#lookAhead(seq, record, link)
    if (this.records === 1 && seq > this.seq + 1) await this.#resume(seq)
    const expected = this.seq + 1
    if (seq < expected) return this.#report(seq, record?.id ?? null, 'reordered')
    if (seq > expected) {
      this.#missing = expected
      return this.#report(expected, null, 'gap')
    }
    const hash = record && hashAfter(record, seq, this.writer, this.hash)
    if (!record || !hash || !link || !sameBytes(hash.subarray(0, LINK_BYTES), link)) {
      this.#missing = seq
      return this.#report(seq, record?.id ?? null, 'changed')
    }
    this.seq = seq
    this.hash = hash
    this.#id = record.id
    this.#compareNoted(record)
    if (this.#cover) await this.#count(this.#cover)
    return undefined
  }

  /** Compares the end with the head that the store noted, and with what was noted and signed outside. */
  async finish(head: LedgerHead): Promise<void> {
    if (this.problem) return
    if (head.seq !== this.seq) {
      const isShort = head.seq < this.seq
      this.#report(isShort ? this.seq : this.seq + 1, isShort ? this.#id : null, 'missing-head')
    } else if (!sameBytes(head.hash, this.hash)) {
      this.#report(this.seq, this.#id, 'changed')
    } else if (this.#cover || this.#noted.some(({ seq }) => seq > this.seq)) {
      this.#report(this.seq + 1, null, 'missing-head')
    }
    await this.#covers.return?.()
  }

  /** What was taken out must be told by an event that is still there. */
  requireRemoval(removals: ReadonlySet<string>): void {
    if (this.removed === 0 || this.problem || removals.has(`${this.writer} ${this.removed}`)) return
    this.#report(1, null, 'gap')
  }

  /** The beginning was taken out: a checkpoint says what the rest goes on from. */
  async #resume(seq: number): Promise<void> {
    while (this.#cover && this.#cover.to < seq) {
      if (this.#cover.to === seq - 1) {
        this.removed = this.#cover.to - this.seq
        this.seq = this.#cover.to
        this.hash = bytesOf(this.#cover.head)
      }
      await this.#nextCover()
    }
  }

  /** Adds the record to the tree of the checkpoint that covers it, and compares when it is whole. */
  async #count(cover: NumberedCover): Promise<void> {
    if (this.seq < cover.from) return
    this.#tree.add(this.hash)
    if (this.seq < cover.to) return
    const isWhole = this.#tree.size === cover.to - cover.from + 1
    const { head, root, number } = cover
    if (!isWhole || hex(this.hash) !== head || hex(this.#tree.root()) !== root) {
      const { writer, seq } = this
      this.problem = { writer, seq, id: this.#id, problem: 'changed', checkpoint: number }
    }
    await this.#nextCover()
  }

  async #nextCover(): Promise<void> {
    const next = await this.#covers.next()
    this.#cover = next.done ? null : next.value
    this.#tree = new MerkleTree()
  }

  #report(seq: number, id: string | null, problem: LedgerProblem): void {
    this.problem = { writer: this.writer, seq, id, problem }
  }

  #compareNoted(record: StoredRecord): void {
    for (const { seq, hash } of this.#noted) {
      if (seq === record.seq && hash !== hex(this.hash)) this.#report(seq, record.id, 'changed')
    }
  }

  /** If the record that should stand at the fault turns up later it was moved, neither deleted nor changed. */
  #lookAhead(seq: number, record: StoredRecord | null, link: Uint8Array | null): void {
    const missing = this.#missing
    if (missing === null || !record || !link) return
    const isHere = seq === missing
    const hash = hashAfter({ ...record, seq: missing }, missing, this.writer, this.hash)
    if (!isHere && !(hash && sameBytes(hash.subarray(0, LINK_BYTES), link))) return
    this.#missing = null
    this.#report(
      missing,
      isHere || this.problem?.problem === 'gap' ? record.id : (this.problem?.id ?? null),
      'reordered',
    )
  }
}

/** The hash of a record that stands at this place of the chain, after this one; null when it says it stands elsewhere. */
function hashAfter(
  record: StoredRecord,
  seq: number,
  writer: string,
  prev: Uint8Array,
): Uint8Array | null {
  if (record.seq !== seq || record.writer !== writer) return null
  return bytesOf(headerHex({ ...record, prev: hex(prev), leaf: hex(record.leaf) }))
}

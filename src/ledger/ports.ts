import type { Category, DataClass } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { DecisionRow } from './decision-row.ts'
import type { Figures } from './tally.ts'
import type { SignedCheckpoint, SigningKey } from './evidence/checkpoint.ts'
import type { LedgerEvent, LedgerRecord, StoredRecord } from './event.ts'

/** The last record of one writer: its place in the sequence and its hash. `seq` 0 and 32 zero bytes before the first. */
export interface LedgerHead {
  readonly writer: string
  readonly seq: number
  readonly hash: Uint8Array
}

/** Consecutive records of one writer, committed together, and the head they lead to. */
export interface LedgerBatch {
  readonly writer: string
  readonly records: readonly LedgerRecord[]
  readonly head: LedgerHead
  /** Of the lease that the chain is continued under, where several processes could. */
  readonly fence?: number
}

/**
 * Where a writer's batches go, in order. `spooled`: kept on this machine until the database is back, which is no evidence
 * yet for what must not leave without.
 */
export interface LedgerSink {
  append(batch: LedgerBatch): void | Promise<void | 'spooled'>
}

/** The right to continue one chain, until somebody else is given it. */
export interface WriterLease {
  /** Where the chain stands, and its name. */
  readonly head: LedgerHead
  /** Grows with every holder: an append with an older one is refused. */
  readonly fence: number
}

/** A chain and who continues it. */
export interface LeaseView {
  readonly writer: string
  /** The machine and the process. */
  readonly holder: string
  /** Digest of the configuration it has; null where it says none. */
  readonly configuration: string | null
  /** Milliseconds from now. */
  readonly endsIn: number
}

/** What a process says of itself to people who look at the leases. */
export interface LeaseHolder {
  readonly process: string
  /** Digest of the configuration in force. */
  readonly configuration: string
}

/** Which process continues which chain, where many share one database. Times are the database's own. */
export interface WriterLeases {
  /** A chain that nobody continues, else a new one. It is kept for half a minute after the last append or renewal. */
  acquire(holder: LeaseHolder): Promise<WriterLease>
  /** False when somebody else has it. */
  renew(lease: WriterLease, holder: LeaseHolder): Promise<boolean>
  /** The processes that continue a chain now. */
  holders(): Promise<readonly LeaseView[]>
  /** Leaves it to others at once. */
  release(lease: WriterLease): Promise<void>
}

/** A stored row on its way to verification. */
export interface WalkedRecord {
  readonly seq: number
  /** Null when the row cannot be read as a record at all. */
  readonly record: StoredRecord | null
  /** The first bytes of the hash that the record had when it was stored; null when the row holds no such thing. */
  readonly link: Uint8Array | null
}

/**
 * What a reader of the ledger may ask for. Absent means no filter; everything but tenant and type only
 * decisions have. `since` (inclusive) and `until` (exclusive) are compared with the time inside the record's id,
 * that is when the request came in. `before` is the `next` of an earlier page.
 */
export interface LedgerQuery {
  readonly tenant?: string | undefined
  readonly type?: LedgerEvent['type'] | undefined
  readonly class?: DataClass | undefined
  readonly category?: Category | undefined
  readonly destination?: string | undefined
  readonly model?: string | undefined
  readonly team?: string | undefined
  readonly application?: string | undefined
  readonly refused?: boolean | undefined
  readonly key?: string | undefined
  readonly since?: EpochMs | undefined
  readonly until?: EpochMs | undefined
  readonly before?: string | undefined
  /** Rows per page, 1 to 500; 50 when absent. */
  readonly limit?: number | undefined
}

/** One page, newest first; `next` is the cursor of the following one, null at the end. */
export interface LedgerPage<Row> {
  readonly rows: readonly Row[]
  readonly next: string | null
}

/** Where records are kept. Ids are UUID version 7 in lower case; a decision and its outcome share one. */
export interface LedgerStore {
  /**
   * Commits a batch, all or nothing, durable on return. A batch already stored is a no-op, so that a commit whose
   * answer was lost can be repeated. @throws ChainLost when the batch does not follow the stored head or
   * another process was given the chain, anything else when the store fails.
   */
  append(batch: LedgerBatch): void | Promise<void>
  head(writer: string): Promise<LedgerHead | null>
  /** The head of every writer; records that belong to no known writer come up under a name of their own, with `seq` 0. */
  heads(): Promise<readonly LedgerHead[]>
  /** The records of one id, oldest first: a decision, then its outcome. */
  byId(id: string): Promise<readonly StoredRecord[]>
  /** One page, newest first; refuses a cursor it did not make. */
  read(query: LedgerQuery): Promise<Result<LedgerPage<StoredRecord>, Refusal>>
  /** The records of one writer in the order of `seq`, from `fromSeq` on. */
  walk(writer: string, fromSeq: number): AsyncIterable<WalkedRecord>
}

/** Figures of one hour, day or week for one value of one dimension; those of the outcome stand at the time of the request. */
export interface RollupRow {
  readonly tenant: string
  /** Milliseconds: an hour, a day or a week. */
  readonly grain: Milliseconds
  readonly dimension: string
  /** When the hour, day or week began, in UTC. */
  readonly start: EpochMs
  readonly value: string
  readonly figures: Figures
}

/** A value and its sums over a range. */
export interface RollupTop {
  readonly value: string
  readonly figures: Figures
}

export interface RollupQuery {
  readonly tenant: string
  readonly grain: Milliseconds
  readonly dimension: string
  /** Inclusive and exclusive, compared with when the hour, day or week began. */
  readonly since: EpochMs
  readonly until: EpochMs
  /** These alone; all when absent. */
  readonly values?: readonly string[] | undefined
}

/** Which records of a stretch of one chain have which facet. */
export interface LedgerBlock {
  readonly writer: string
  readonly from: number
  readonly to: number
  /** Of all records in it, as text. */
  readonly lowest: string
  readonly highest: string
  /** Whether the ids rise with the sequence. */
  readonly ordered: boolean
  /** Positions from 0, rising, by facet. */
  readonly facets: ReadonlyMap<string, readonly number[]>
}

/** A text as it is kept: sealed under the data key of its owner. */
export interface SealedContent {
  /** Id of the decision. */
  readonly decision: string
  readonly part: 'request'
  readonly tenant: string
  /** `key:ID`, or `subject:DIGEST`. */
  readonly owner: string
  readonly at: EpochMs
  readonly sealed: Uint8Array
}

/** Where sealed texts and the wrapped keys of their owners are kept. */
export interface ContentStore {
  /** The wrapped data key of an owner: as it is, or this one when there was none. Null: it was destroyed, and nothing is kept any more. */
  ownerKey(tenant: string, owner: string, fresh: Uint8Array): Promise<Uint8Array | null>
  /** Nothing of this owner can be read from then on. False when it has no key. */
  destroyKey(tenant: string, owner: string): Promise<boolean>
  put(content: SealedContent): Promise<void>
  /** With the wrapped key of its owner, which is null once destroyed. */
  get(
    tenant: string,
    decision: string,
  ): Promise<readonly (SealedContent & { readonly wrapped: Uint8Array | null })[]>
  /** Removes what is sealed for an owner; returns how many texts. */
  removeOf(tenant: string, owner: string): Promise<number>
  /** Removes what was kept before this time; returns how many texts. */
  removeBefore(at: EpochMs): Promise<number>
}

/** What retention and erasure may do to stored records: never more than the chain can bear. */
export interface LedgerErasure {
  /** Takes payload and salt of these records away and keeps their leaves, which the caller has read. Repeating it changes nothing. */
  erase(
    writer: string,
    records: readonly { readonly seq: number; readonly leaf: Uint8Array }[],
  ): Promise<void>
  /** Takes the first records of a chain out, up to this one. Returns how many went; 0: all are gone. */
  removeUpTo(writer: string, seq: number, limit: number): Promise<number>
  /** How far retention has come in a chain: every record up to there is erased or may stay for good. */
  erasedUpTo(writer: string): Promise<number>
  setErasedUpTo(writer: string, seq: number): Promise<void>
}

/** What is computed from the ledger so that questions are answered without reading it; never evidence itself. */
export interface LedgerIndex {
  /** Up to where each chain is counted, and up to where it is in blocks. */
  standing(writer: string): Promise<{ readonly counted: number; readonly indexed: number }>
  /** Adds the figures of the records after `from` up to `to`, once: false when they do not begin where the last ones ended. */
  count(step: {
    readonly writer: string
    readonly from: number
    readonly to: number
    readonly rows: readonly RollupRow[]
  }): Promise<boolean>
  addBlock(block: LedgerBlock): Promise<void>
  /** In the order of time; for hours that are folded, their days. */
  rollups(query: RollupQuery): Promise<readonly RollupRow[]>
  /** The values with the most requests in all of the range, at most so many, with their sums. */
  tops(query: RollupQuery, limit: number): Promise<readonly RollupTop[]>
  /** Takes away the hours that began before the beginning of a day; what they add up to stays. Returns how many figures went. */
  foldHours(before: EpochMs): Promise<number>
}

/** Where checkpoints and the keys that sign them are kept; nothing in it is ever changed. */
export interface EvidenceStore {
  /** In their order, from a number on; null: all there are, with numbers that none was ever given as -1. */
  checkpoints(from: number | null): AsyncIterable<SignedCheckpoint>
  last(): Promise<SignedCheckpoint | null>
  /** False when there is one of that number: another process was first. */
  add(checkpoint: SignedCheckpoint): Promise<boolean>
  keys(): Promise<readonly SigningKey[]>
  /** False when there is one of that generation. */
  addKey(key: SigningKey): Promise<boolean>
  /** Number of the last checkpoint that a place outside has acknowledged; 0 before the first. */
  delivered(anchor: string): Promise<number>
  setDelivered(anchor: string, number: number): Promise<void>
}

/** Decisions with what came of them, in one query. `type` is ignored. */
export interface DecisionStore {
  decisions(query: LedgerQuery): Promise<Result<LedgerPage<DecisionRow>, Refusal>>
}

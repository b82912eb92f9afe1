import { canonicalJson, type JsonObject } from '#kernel/canonical-json.ts'
import type { Clock, NewId, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { LedgerEvent } from './event.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { bytesOf, GENESIS, headerHex, hex, leafHex } from './hash.ts'
import type { LedgerHead, LedgerSink } from './ports.ts'
import { eventLoop, type Scheduler } from './scheduler.ts'
import { createCommits, unavailable, type Committed } from './commits.ts'

export type { Committed } from './commits.ts'

/** What the caller gets at once. */
export interface LedgerReceipt {
  readonly id: string
  /** SHA-256 of salt and payload, lower-case hexadecimal. */
  readonly leaf: string
  /** Resolves after the commit and never rejects. Reading it asks for the commit at once: what nobody waits for may wait for company. */
  readonly durable: Promise<Result<void, Refusal>>
}

export interface AppendOptions {
  readonly tenant: string
  /** UUID version 7, lower case. When absent an outcome takes its decision's id and anything else a new one. */
  readonly id?: string
}

/** How the ledger is doing: records not yet committed, last sequence number given, failed tries in a row, why. */
export interface LedgerStatus {
  readonly queued: number
  readonly seq: number
  readonly failures: number
  readonly lastError: string | null
}

export interface LedgerWriter {
  /** Chains a record now and commits it with its neighbours. Refuses `ledger-unavailable` when the queue is full, `shutting-down` after close. @throws TypeError on an id that is no UUID. */
  append(event: LedgerEvent, options: AppendOptions): Result<LedgerReceipt, Refusal>
  /** Calls back after every commit; returns the way to stop. */
  onCommitted(listener: (committed: readonly Committed[]) => void): () => void
  status(): LedgerStatus
  /** Asks for the commit of all that is queued, so that a reader soon finds it; resolves after the try, whatever came of it. */
  flush(): Promise<void>
  /** Asks for the commit of all that is queued; whether it is on the disk of the database. What comes later is not waited for. */
  recorded(): Promise<boolean>
  /** Accepts nothing more and commits what is queued; refuses when the store fails too often. */
  close(): Promise<Result<void, Refusal>>
}

export interface LedgerWriterOptions {
  readonly store: LedgerSink
  /** A stable name: one chain per name. Two processes never share one. */
  readonly writer: string
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  /** Where the chain stands, from the store; null for a writer's first start. */
  readonly head: LedgerHead | null
  readonly scheduler?: Scheduler
  /** Records that may wait for the store. */
  readonly maxQueued?: number
  /** How long a record that nobody waits for may stay uncommitted; 0 commits at the end of the turn. */
  readonly lingerMs?: Milliseconds
}

/** A flush to the disk costs as much processor time as a whole request: those nobody waits for share one. */
const LINGER_MS: Milliseconds = 25
const SALT_BYTES = 16
const SALTS_PER_DRAW = 64
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The one that chains and commits the records of one writer, in order, without a gap. */
export function createLedgerWriter(options: LedgerWriterOptions): LedgerWriter {
  const chain = createChain(options)
  const maxQueued = options.maxQueued ?? 10_000
  const commits = createCommits({
    store: options.store,
    scheduler: options.scheduler ?? eventLoop,
    lingerMs: options.lingerMs ?? LINGER_MS,
  })
  let closed = false
  return {
    append(event, { tenant, id }) {
      if (closed) return err({ code: 'shutting-down' })
      if (commits.queued() >= maxQueued) return unavailable
      return ok(commits.add({ event, ...chain(event, tenant, id) }))
    },
    onCommitted: (listener) => commits.onCommitted(listener),
    status: () => ({ seq: chain.seq(), ...commits.status() }),
    recorded: () => commits.recorded(),
    flush: () =>
      commits.queued() === 0 ? Promise.resolve() : new Promise((settle) => commits.onTried(settle)),
    close() {
      closed = true
      return commits.queued() === 0
        ? Promise.resolve(ok(undefined))
        : new Promise((settle) => commits.onDrained(settle))
    },
  }
}

/** Gives each event its sequence number, salt, leaf and link, at the moment it is appended. */
function createChain({ writer, clock, newId, randomBytes, head }: LedgerWriterOptions) {
  let seq = head?.seq ?? 0
  let prev = hex(head?.hash ?? GENESIS)
  const nextSalt = saltSource(randomBytes)
  const chain = (event: LedgerEvent, tenant: string, given: string | undefined) => {
    const id = given ?? (event.type === 'outcome' ? event.decision : newId())
    if (!UUID.test(id)) throw new TypeError('the id of a ledger record is a lower-case UUID')
    const payload = canonicalJson(event as LedgerEvent & JsonObject)
    const salt = nextSalt()
    const leaf = leafHex(salt, payload)
    seq += 1
    const { type } = event
    const at = clock()
    const hash = headerHex({ id, tenant, writer, seq, at, type, prev, leaf })
    const hashes = { prev: bytesOf(prev), leaf: bytesOf(leaf) }
    const record = { id, tenant, writer, seq, at, type, ...hashes, salt, payload }
    prev = hash
    return { record, leaf, hash }
  }
  return Object.assign(chain, { seq: () => seq })
}

/** One system call for many salts; no byte is used twice. */
function saltSource(randomBytes: RandomBytes): () => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return () => {
    if (used + SALT_BYTES > pool.length) {
      pool = Uint8Array.from(randomBytes(SALT_BYTES * SALTS_PER_DRAW))
      used = 0
    }
    used += SALT_BYTES
    return pool.subarray(used - SALT_BYTES, used)
  }
}

import type { LedgerRecord } from './event.ts'
import { ChainLost } from './chain-lost.ts'
import { recordHash, sameBytes } from './hash.ts'
import type {
  LeaseHolder,
  LedgerBatch,
  LedgerHead,
  LedgerStore,
  WriterLease,
  WriterLeases,
} from './ports.ts'

export interface ReplicaChainsParts {
  readonly store: Pick<LedgerStore, 'append' | 'byId'>
  readonly leases: WriterLeases
  /** Which process it is, and how it is configured at present. */
  readonly holder: () => LeaseHolder
}

/** A chain that this process continues. */
interface Held {
  /** The chain in the database; another one than `local` after it was lost. */
  lease: WriterLease
  /** Sequence number of the last local record that the database has. */
  doneSeq: number
  /** Local records that the database has from before the chain was lost. */
  readonly stored: Set<number>
  /** The chain in the database is the one that was chained here. */
  isAligned: boolean
  /** Batches of one chain go one after the other. */
  last: Promise<unknown>
}

/**
 * The chains of one process among many. A process that was paused for long finds its chain in other hands: what it had
 * chained and not yet stored then continues another chain, with the same ids, times, payloads and leaves, so that every
 * receipt that was given still holds. Nothing is stored twice.
 */
export function createReplicaChains({ store, leases, holder }: ReplicaChainsParts) {
  const held = new Map<string, Held>()

  const moveOn = async (chain: Held, batch: LedgerBatch): Promise<void> => {
    chain.lease = await leases.acquire(holder())
    chain.isAligned = false
    await noteStored(chain, batch)
  }

  /** The answer to an append may have been lost before the chain was. */
  const noteStored = async (chain: Held, batch: LedgerBatch): Promise<void> => {
    for (const record of pending(chain, batch)) {
      const found = await store.byId(record.id)
      if (found.some(({ leaf }) => sameBytes(leaf, record.leaf))) chain.stored.add(record.seq)
    }
  }

  const append = async (chain: Held, batch: LedgerBatch): Promise<void> => {
    for (;;) {
      const records = pending(chain, batch)
      const { head, fence } = chain.lease
      const next = chain.isAligned ? { records, head: batch.head } : continued(head, records)
      try {
        if (records.length > 0) await store.append({ writer: head.writer, ...next, fence })
        chain.lease = { head: next.head, fence }
        chain.doneSeq = Math.max(chain.doneSeq, batch.head.seq)
        chain.stored.clear()
        return
      } catch (error) {
        if (!(error instanceof ChainLost)) throw error
        await moveOn(chain, batch)
      }
    }
  }

  return {
    /** A chain for a writer of this process; it is called by the name of its head from now on. @throws when the store fails */
    async open(): Promise<LedgerHead> {
      const lease = await leases.acquire(holder())
      const { head } = lease
      const [stored, last] = [new Set<number>(), Promise.resolve()]
      held.set(head.writer, { lease, doneSeq: head.seq, stored, isAligned: true, last })
      return head
    },
    /**
     * Stores what a process that is gone had chained and kept on the disk. Some of it may be stored already. @throws what
     * the store throws
     */
    async adopt(batch: LedgerBatch): Promise<void> {
      const lease = await leases.acquire(holder())
      const chain: Held = {
        lease,
        doneSeq: 0,
        stored: new Set(),
        isAligned: false,
        last: Promise.resolve(),
      }
      try {
        await noteStored(chain, batch)
        await append(chain, batch)
      } finally {
        await leases.release(chain.lease)
      }
    },
    /** As a store's append, for a chain that was opened here. @throws what the store throws */
    append(batch: LedgerBatch): Promise<void> {
      const chain = held.get(batch.writer)
      if (!chain) return Promise.reject(new ChainLost(batch.writer))
      const next = chain.last.then(() => append(chain, batch))
      chain.last = next.catch(() => {})
      return next
    },
    /** Keeps the chains that nothing is appended to; one that was lost is noticed at its next append. */
    async renew(): Promise<void> {
      await Promise.all([...held.values()].map(({ lease }) => leases.renew(lease, holder())))
    },
    /** Leaves a chain to others. */
    async close(writer: string): Promise<void> {
      const chain = held.get(writer)
      held.delete(writer)
      await chain?.last
      if (chain) await leases.release(chain.lease)
    },
    /** Where a chain stands in the database, under the name that it has there now; null when it is not open. */
    standing: (writer: string): LedgerHead | null => held.get(writer)?.lease.head ?? null,
    /** Names of the chains that are open, as they are called here. */
    names: (): string[] => [...held.keys()],
  }
}

export type ReplicaChains = ReturnType<typeof createReplicaChains>

const pending = (chain: Held, batch: LedgerBatch): LedgerRecord[] =>
  batch.records.filter(({ seq }) => seq > chain.doneSeq && !chain.stored.has(seq))

/** The same records as the continuation of another chain. */
function continued(
  head: LedgerHead,
  records: readonly LedgerRecord[],
): Pick<LedgerBatch, 'records' | 'head'> {
  let { seq, hash } = head
  const { writer } = head
  const chained = records.map((record) => {
    seq += 1
    const next = { ...record, writer, seq, prev: hash }
    hash = recordHash(next)
    return next
  })
  return { records: chained, head: { writer, seq, hash } }
}

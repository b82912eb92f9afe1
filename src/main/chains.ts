import { hostname } from 'node:os'
import { GENESIS } from '#ledger/hash.ts'
import type { LedgerBatch, LedgerHead } from '#ledger/ports.ts'
import { createReplicaChains } from '#ledger/replica-chains.ts'
import type { Store } from '#store/ports.ts'

/** The chains that this process and its workers write. */
export interface Chains {
  /** Where the chain of one of them stands. Its name is the wanted one, unless other processes share the database. @throws when the store fails */
  open(wanted: string): Promise<LedgerHead>
  append(batch: LedgerBatch): void | Promise<void>
  /** The chain that really has what was chained here under this name, as far as it is stored; null when it is that one itself. */
  standing(writer: string): LedgerHead | null
  /** Names of the chains that processes of ours write. */
  ours(): ReadonlySet<string>
  /** Nobody here writes it any more. */
  close(writer: string): Promise<void>
  closeAll(): Promise<void>
}

/** Chains that nobody appends to are kept by renewing them this often, milliseconds: a third of their lease. */
const RENEW_MS = 10_000

/** On a file the names are fixed; on a server, where others write too, each chain is leased. */
export function openChains({ ledger, leases }: Store): Chains {
  if (leases === null) {
    return {
      open: async (wanted) =>
        (await ledger.head(wanted)) ?? { writer: wanted, seq: 0, hash: GENESIS },
      append: (batch) => ledger.append(batch),
      standing: () => null,
      ours: () => new Set(),
      close: () => Promise.resolve(),
      closeAll: () => Promise.resolve(),
    }
  }
  const chains = createReplicaChains({
    store: ledger,
    leases,
    holder: `${hostname()}:${process.pid}`,
  })
  const renewing = setInterval(() => void chains.renew().catch(() => {}), RENEW_MS)
  renewing.unref()
  return {
    open: () => chains.open(),
    append: (batch) => chains.append(batch),
    standing: (writer) => chains.standing(writer),
    ours: () => new Set(chains.names().map((name) => chains.standing(name)?.writer ?? name)),
    // a server that is away gives it to others when the lease ends
    close: (writer) => chains.close(writer).catch(() => {}),
    async closeAll() {
      clearInterval(renewing)
      await Promise.all(chains.names().map((name) => chains.close(name).catch(() => {})))
    },
  }
}

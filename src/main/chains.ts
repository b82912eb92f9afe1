import { hostname } from 'node:os'
import { GENESIS } from '#ledger/hash.ts'
import type { LedgerBatch, LedgerHead } from '#ledger/ports.ts'
import { createReplicaChains } from '#ledger/replica-chains.ts'
import { readSpoolLine } from '#ledger/spool-line.ts'
import { createSpooling, type SpoolFile } from '#ledger/spooling.ts'
import type { Store } from '#store/ports.ts'
import { openSpoolFile } from '#store/spool-file.ts'

/** The chains that this process and its workers write. */
export interface Chains {
  /** Where the chain of one of them stands. Its name is the wanted one, unless other processes share the database. @throws when the store fails */
  open(wanted: string): Promise<LedgerHead>
  append(batch: LedgerBatch): void | Promise<void | 'spooled'>
  /** Whether records are kept in the data directory because the database is away. */
  isSpooling(): boolean
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

/** On a file the names are fixed. On a server, where others write too, each chain is leased, and what it cannot take is kept in `spoolPath` until it can. @throws what the disk or the server says */
export async function openChains(
  { ledger, leases }: Store,
  spoolPath: string,
  onSpooling: (isAway: boolean) => void,
): Promise<Chains> {
  if (leases === null) {
    return {
      open: async (wanted) =>
        (await ledger.head(wanted)) ?? { writer: wanted, seq: 0, hash: GENESIS },
      append: (batch) => ledger.append(batch),
      isSpooling: () => false,
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
  const file = await openSpoolFile(spoolPath)
  await adoptAll(file, (batch) => chains.adopt(batch))
  const spooling = createSpooling({
    append: (batch) => chains.append(batch),
    file,
    after: (delay, run) => void setTimeout(run, delay).unref(),
    now: () => performance.now(),
    onChange: onSpooling,
  })
  const renewing = setInterval(() => void chains.renew().catch(() => {}), RENEW_MS)
  renewing.unref()
  return {
    open: () => chains.open(),
    append: (batch) => spooling.append(batch),
    isSpooling: () => spooling.isAway(),
    standing: (writer) => chains.standing(writer),
    ours: () => new Set(chains.names().map((name) => chains.standing(name)?.writer ?? name)),
    // a server that is away gives it to others when the lease ends
    close: (writer) => chains.close(writer).catch(() => {}),
    async closeAll() {
      clearInterval(renewing)
      await spooling.close()
      await Promise.all(chains.names().map((name) => chains.close(name).catch(() => {})))
    },
  }
}

/** What the process before left behind. */
async function adoptAll(
  file: SpoolFile,
  adopt: (batch: LedgerBatch) => Promise<void>,
): Promise<void> {
  if (file.bytes() === 0) return
  for await (const line of file.lines()) {
    const batch = readSpoolLine(line)
    if (batch) await adopt(batch)
  }
  await file.clear()
}

import type { LedgerStore } from '#ledger/ports.ts'
import { verifyLedger } from '#ledger/verify.ts'

/** What a ledger says of the decisions that callers were told of. */
export interface KeptReport {
  readonly records: number
  readonly chains: number
  readonly verified: boolean
  readonly acknowledged: number
  /** Acknowledged and not found. */
  readonly lost: number
  /** Found more than once. */
  readonly twice: number
}

/** Compares what callers were told with what is there, and verifies every chain. */
export async function keptIn(
  ledger: LedgerStore,
  acknowledged: ReadonlySet<string>,
): Promise<KeptReport> {
  const { ok, records, heads } = await verifyLedger(ledger)
  const times = new Map<string, number>()
  for (const { writer } of await ledger.heads()) {
    for await (const { record } of ledger.walk(writer, 1)) {
      if (record?.type === 'decision') times.set(record.id, (times.get(record.id) ?? 0) + 1)
    }
  }
  return {
    records,
    chains: heads.length,
    verified: ok,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !times.has(id)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
  }
}

import type { Evidence } from '#identity/evidence.ts'
import type { LedgerWriter } from '#ledger/writer.ts'

/** What administrators change is in the ledger, on the disk, before it is in force. */
export const evidenceIn =
  (ledger: LedgerWriter): Evidence =>
  async ({ tenant, keyId }, action, subject) => {
    const event = { type: 'admin', v: 1, actor: keyId, action, subject } as const
    const recorded = ledger.append(event, { tenant })
    return recorded.ok ? recorded.value.durable : recorded
  }

import type { InsertResult } from 'kysely'
import type { SignedCheckpoint } from '#ledger/evidence/checkpoint.ts'
import type { EvidenceStore } from '#ledger/ports.ts'
import type { Queries } from './queries.ts'

/** Checkpoints of one statement. */
const PAGE = 500

/** Checkpoints, their keys, and how far each place outside has them. */
export function createEvidenceStore(queries: Queries): EvidenceStore {
  return {
    async *checkpoints(from) {
      let next = from
      for (;;) {
        const rows: SignedCheckpoint[] = await queries
          .selectFrom('ledger_checkpoint')
          .selectAll()
          .where('number', '>=', next)
          .orderBy('number')
          .limit(PAGE)
          .execute()
        yield* rows
        const last = rows.at(-1)
        if (!last || rows.length < PAGE) return
        next = last.number + 1
      }
    },
    async last() {
      const row = await queries
        .selectFrom('ledger_checkpoint')
        .selectAll()
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ?? null
    },
    add: async (checkpoint) =>
      isNew(
        await queries
          .insertInto('ledger_checkpoint')
          .values({ ...checkpoint })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst(),
      ),
    keys: () => queries.selectFrom('signing_key').selectAll().orderBy('generation').execute(),
    addKey: async (key) =>
      isNew(
        await queries
          .insertInto('signing_key')
          .values({ ...key })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst(),
      ),
    async delivered(anchor) {
      const row = await queries
        .selectFrom('anchor')
        .select('number')
        .where('name', '=', anchor)
        .executeTakeFirst()
      return row?.number ?? 0
    },
    async setDelivered(name, number) {
      await queries
        .insertInto('anchor')
        .values({ name, number })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ number }))
        .execute()
    },
  }
}

/** Whether the row was not there before. */
const isNew = (result: InsertResult): boolean => (result.numInsertedOrUpdatedRows ?? 0n) > 0n

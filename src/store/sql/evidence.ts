import { sql, type InsertResult } from 'kysely'
import type { SignedCheckpoint } from '#ledger/evidence/checkpoint.ts'
import type { EvidenceStore } from '#ledger/ports.ts'
import type { Queries } from './queries.ts'

/** Checkpoints of one statement. */
const PAGE = 500

/** Checkpoints, their keys, and how far each place outside has them. */
export function createEvidenceStore(queries: Queries): EvidenceStore {
  return {
    async *checkpoints(from) {
      let after: number | bigint | null = from === null ? null : from - 1
      for (;;) {
        let rows = queries.selectFrom('ledger_checkpoint').selectAll()
        // a forged number may be beyond what a double holds: it is compared as the database gave it
        if (after !== null) rows = rows.where(sql<boolean>`number > ${after}`)
        const page: readonly SignedCheckpoint[] = await rows.orderBy('number').limit(PAGE).execute()
        for (const row of page) {
          yield Number.isSafeInteger(row.number) ? row : { ...row, number: -1 }
        }
        const last = page.at(-1)
        if (!last || page.length < PAGE) return
        after = last.number
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

import { sql } from 'kysely'
import type { QueuedAlert } from '#budgets/alert.ts'
import type { PeriodKey } from '#budgets/budget.ts'
import type { BudgetStore, Versioned } from '#budgets/ports.ts'
import type { BudgetSchema } from './budget-schema.ts'
import type { Queries } from './queries.ts'

const ALERT_STATES: readonly QueuedAlert['state'][] = ['due', 'sent', 'given-up']

/** Tells other processes that something of a topic was changed; those who do not hear of it look for themselves. */
export type Tell = (topic: string) => Promise<unknown>

/** Budgets, their accounts and their alerts: every operation is one statement. */
export function createBudgetStore(
  queries: Queries,
  tell: Tell = () => Promise.resolve(),
): BudgetStore {
  return { ...definitionStore(queries, tell), ...accountStore(queries), ...alertStore(queries) }
}

function definitionStore(
  queries: Queries,
  tell: Tell,
): Pick<BudgetStore, 'definitions' | 'putDefinition' | 'removeDefinition' | 'definitionsStamp'> {
  return {
    async definitions() {
      const rows = queries.selectFrom('budget').select(['tenant', 'id', 'json'])
      const sorted = await rows.orderBy('tenant').orderBy('id').execute()
      // plain objects: the rows of node:sqlite have no prototype
      return sorted.map((row) => ({ ...row }))
    },
    async putDefinition({ tenant, id, json, at, by }) {
      await queries
        .insertInto('budget')
        .values({ tenant, id, json, version: 1, at, by })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant', 'id'])
            .doUpdateSet({ json, at, by, version: sql<number>`budget.version + 1` }),
        )
        .execute()
      await tell('budgets')
    },
    async removeDefinition(tenant, id) {
      const removed = await queries
        .deleteFrom('budget')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      await tell('budgets')
      return removed.numDeletedRows > 0n
    },
    async definitionsStamp() {
      const row = await queries
        .selectFrom('budget')
        .select(({ fn }) => [
          fn.countAll().as('count'),
          fn.sum('version').as('versions'),
          fn.max('at').as('newest'),
        ])
        .executeTakeFirst()
      return `${row?.count ?? 0} ${row?.versions ?? 0} ${row?.newest ?? 0}`
    },
  }
}

function accountStore(
  queries: Queries,
): Pick<BudgetStore, 'account' | 'swapAccount' | 'openAccounts' | 'cursor' | 'moveCursor'> {
  const accounts = () => queries.selectFrom('budget_account').selectAll()
  return {
    async account({ tenant, budget, start }) {
      const row = await accounts()
        .where('tenant', '=', tenant)
        .where('budget', '=', budget)
        .where('start', '=', start)
        .executeTakeFirst()
      return row ? versionedOf(row) : null
    },
    swapAccount: ({ key, version, json, end }) =>
      version === 0
        ? insertAccount(queries, key, json, end)
        : updateAccount(queries, key, version, json),
    async openAccounts(since) {
      const open = accounts().where((row) =>
        row.or([row('ends', 'is', null), row('ends', '>', since)]),
      )
      return (await open.orderBy('tenant').orderBy('budget').orderBy('start').execute()).map(
        versionedOf,
      )
    },
    async cursor(writer) {
      const row = await queries
        .selectFrom('budget_cursor')
        .select('seq')
        .where('writer', '=', writer)
        .executeTakeFirst()
      return row ? row.seq : null
    },
    async moveCursor(writer, seq) {
      await queries
        .insertInto('budget_cursor')
        .values({ writer, seq })
        .onConflict((conflict) =>
          conflict.column('writer').doUpdateSet({ seq }).where('budget_cursor.seq', '<', seq),
        )
        .execute()
    },
  }
}

async function insertAccount(
  queries: Queries,
  { tenant, budget, start }: PeriodKey,
  state: string,
  ends: number | null,
): Promise<boolean> {
  const made = await queries
    .insertInto('budget_account')
    .values({ tenant, budget, start, ends, version: 1, state })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (made.numInsertedOrUpdatedRows ?? 0n) > 0n
}

async function updateAccount(
  queries: Queries,
  { tenant, budget, start }: PeriodKey,
  version: number,
  state: string,
): Promise<boolean> {
  const changed = await queries
    .updateTable('budget_account')
    .set({ version: version + 1, state })
    .where('tenant', '=', tenant)
    .where('budget', '=', budget)
    .where('start', '=', start)
    .where('version', '=', version)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

function alertStore(
  queries: Queries,
): Pick<BudgetStore, 'addAlert' | 'claimAlert' | 'postponeAlert' | 'endAlert' | 'alerts'> {
  return {
    async addAlert({ id, tenant, body }, at) {
      const added = await queries
        .insertInto('budget_alert')
        .values({
          id,
          tenant,
          body,
          created_at: at,
          due_at: at,
          tries: 0,
          state: 'due',
          ended_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n
    },
    async claimAlert(now, againAt) {
      const due = (query: Pick<typeof queries, 'selectFrom'>) =>
        query
          .selectFrom('budget_alert')
          .select('id')
          .where('state', '=', 'due')
          .where('due_at', '<=', now)
          .orderBy('due_at')
          .limit(1)
      const row = await queries
        .updateTable('budget_alert')
        .set({ tries: sql<number>`tries + 1`, due_at: againAt })
        .where('id', '=', due(queries))
        // whoever waited for another sender's statement finds it taken
        .where('state', '=', 'due')
        .where('due_at', '<=', now)
        .returningAll()
        .executeTakeFirst()
      return row ? alertOf(row) : null
    },
    async postponeAlert(id, dueAt) {
      await queries
        .updateTable('budget_alert')
        .set({ due_at: dueAt })
        .where('id', '=', id)
        .where('state', '=', 'due')
        .execute()
    },
    async endAlert(id, state, at) {
      await queries
        .updateTable('budget_alert')
        .set({ state, ended_at: at })
        .where('id', '=', id)
        .execute()
    },
    async alerts(tenant, limit) {
      const rows = queries
        .selectFrom('budget_alert')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('created_at', 'desc')
        .orderBy('id')
      return (await rows.limit(limit).execute()).map(alertOf)
    },
  }
}

const versionedOf = (row: BudgetSchema['budget_account']): Versioned => ({
  key: { tenant: row.tenant, budget: row.budget, start: row.start },
  version: row.version,
  json: row.state,
})

const alertOf = (row: BudgetSchema['budget_alert']): QueuedAlert => ({
  id: row.id,
  tenant: row.tenant,
  body: row.body,
  at: row.created_at,
  tries: row.tries,
  state: ALERT_STATES.find((state) => state === row.state) ?? 'given-up',
})

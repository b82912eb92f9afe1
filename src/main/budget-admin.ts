import { canonicalJson, type JsonObject } from '#kernel/canonical-json.ts'
import { ok, err } from '#kernel/result.ts'
import type { Budget } from '#budgets/budget.ts'
import type { Clerk } from '#budgets/clerk.ts'
import type { BudgetAdmin } from '#gateway/admin-ports.ts'
import { priceOf } from '#pipeline/amount.ts'
import { BudgetRow } from '#config/budget-schema.ts'
import { budgetOf } from '#config/budget-sections.ts'
import type { Core } from './core.ts'
import type { OwnFunds } from './funds.ts'
import type { LiveConfig } from './live-config.ts'

interface Parts {
  readonly core: Core
  readonly funds: OwnFunds
  readonly clerk: Clerk
  /** Puts stored definitions in force. */
  readonly refresh: () => Promise<void>
  readonly live: LiveConfig
}

/** Definitions that administrators made; one that cannot be read any more is left out, and its budget is gone. */
export const storedBudgets = (
  rows: readonly { readonly tenant: string; readonly json: string }[],
): readonly Budget[] =>
  rows.flatMap(({ tenant, json }) => {
    const row = BudgetRow.safeParse(JSON.parse(json))
    const made = row.success ? budgetOf(row.data, tenant, 'stored') : null
    return made?.ok ? [made.value] : []
  })

/** Budgets as administrators see and change them: a change is evidence before it is in force. */
export function budgetAdmin({ core, funds, clerk, refresh, live }: Parts): BudgetAdmin {
  const { store, ledger, clock } = core
  const find = (tenant: string, id: string): Budget | null => funds.table().find(tenant, id)
  const evidence = async (tenant: string, actor: string, action: string, subject: string) => {
    const event = { type: 'admin', v: 1, actor, action, subject } as const
    const recorded = ledger.append(event, { tenant })
    return recorded.ok ? recorded.value.durable : recorded
  }
  // a reader finds what was just spent, although accounts are written once a second
  const counted = async (): Promise<void> => {
    await ledger.flush()
    await clerk.flush()
  }
  return {
    async list(tenant) {
      await counted()
      const own = funds.table().all.filter((budget) => budget.tenant === tenant)
      return Promise.all(own.map((budget) => clerk.stateOf(budget)))
    },
    async state(tenant, id) {
      const budget = find(tenant, id)
      if (!budget) return null
      await counted()
      return clerk.stateOf(budget)
    },
    async put(row, by) {
      const made = budgetOf(row, by.tenant, 'stored')
      if (!made.ok) {
        const { key, code } = made.error
        return code === 'missing-key'
          ? err({ code: 'missing-field', param: key })
          : err({ code: 'invalid-value', param: key, detail: { expected: '0 .. hard' } })
      }
      if (find(by.tenant, row.id)?.origin === 'file') {
        return err({ code: 'conflict', detail: { name: row.id } })
      }
      const noted = await evidence(by.tenant, by.keyId, 'budget-set', row.id)
      if (!noted.ok) return noted
      const json = canonicalJson(JSON.parse(JSON.stringify(row)) as JsonObject) // a row is plain JSON
      await store.budgets.putDefinition({
        tenant: by.tenant,
        id: row.id,
        json,
        at: clock(),
        by: by.keyId,
      })
      await refresh()
      return ok(undefined)
    },
    async remove(id, by) {
      const known = find(by.tenant, id)
      if (!known) return err({ code: 'not-found', param: 'id' })
      if (known.origin === 'file') return err({ code: 'conflict', detail: { name: id } })
      const noted = await evidence(by.tenant, by.keyId, 'budget-removed', id)
      if (!noted.ok) return noted
      await store.budgets.removeDefinition(by.tenant, id)
      await refresh()
      return ok(undefined)
    },
    priceOf: (choice) => priceOf(funds.prices(), choice, clock()),
    energyOf: (destination, model) => funds.energy()(destination, model),
    priceRows: () => live.current.prices.rows,
    alerts: (tenant, limit) => store.budgets.alerts(tenant, limit),
  }
}

/** Budgets, their periods and what is told of them. */
export interface BudgetSchema {
  readonly budget: {
    tenant: string
    id: string
    json: string
    version: number
    at: number
    by: string
  }
  readonly budget_account: {
    tenant: string
    budget: string
    start: number
    ends: number | null
    version: number
    state: string
  }
  readonly budget_cursor: { writer: string; seq: number }
  readonly budget_alert: {
    id: string
    tenant: string
    body: string
    created_at: number
    due_at: number
    tries: number
    state: string
    ended_at: number | null
  }
}

import type { Budget } from './budget.ts'

/** A budget of the whole organisation without a period, in tokens; what a test cares about is given. */
export const budgetOf = (over: Partial<Budget> = {}): Budget => ({
  id: 'all',
  tenant: 'default',
  scope: 'organisation',
  match: '',
  unit: 'tokens',
  currency: '',
  period: 'total',
  timeZone: 'UTC',
  soft: null,
  hard: null,
  downgrade: false,
  onUnknownPrice: { kind: 'refuse' },
  origin: 'stored',
  ...over,
})

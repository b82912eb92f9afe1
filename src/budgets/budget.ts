import type { EpochMs } from '#kernel/units.ts'

/** Whose spending a budget bounds, from wide to narrow. */
export const BUDGET_SCOPES = [
  'organisation',
  'team',
  'person',
  'application',
  'key',
  'destination',
  'model',
] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]

export const BUDGET_UNITS = ['money', 'energy', 'tokens'] as const
export type BudgetUnit = (typeof BUDGET_UNITS)[number]

export const BUDGET_PERIODS = ['hour', 'day', 'week', 'month', 'total'] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]

/**
 * A whole number of the budget's smallest unit: millionths of a currency, microwatt-hours, or tokens. Sums stay below
 * 2^53; nothing is ever a fraction.
 */
export type Amount = number

/** What an exchange counts that has no known price. */
export type UnknownPriceRule =
  | { readonly kind: 'refuse' }
  /** Counted at this ceiling and flagged: so much per request, and per million tokens of both directions. */
  | { readonly kind: 'count'; readonly perRequest: Amount; readonly perMillionTokens: Amount }

export interface Budget {
  readonly id: string
  readonly tenant: string
  readonly scope: BudgetScope
  /** Id of the team, person, application, key, destination, or name of the model; empty for the organisation. */
  readonly match: string
  readonly unit: BudgetUnit
  /** ISO 4217 where the unit is money; empty otherwise. */
  readonly currency: string
  readonly period: BudgetPeriod
  /** IANA name of the zone whose midnight begins a day. */
  readonly timeZone: string
  /** Warned from here on; null: never. */
  readonly soft: Amount | null
  /** Refused where this would be passed; null: never. */
  readonly hard: Amount | null
  /** Beyond the soft limit the cheapest destination of the verdict is asked first. */
  readonly downgrade: boolean
  readonly onUnknownPrice: UnknownPriceRule
  /** Where it is told: the configuration file, or an administrator. */
  readonly origin: 'file' | 'stored'
}

/** One period of one budget, by its beginning. */
export interface PeriodKey {
  readonly tenant: string
  readonly budget: string
  readonly start: EpochMs
}

/** The name of a period in the evidence: the budget's id and the second it began. */
export const periodName = (budget: string, start: EpochMs): string =>
  `${budget}@${Math.floor(start / 1000)}`

/** The period of a name in the evidence; null when it is none. */
export function periodOfName(name: string): { budget: string; start: EpochMs } | null {
  const at = name.lastIndexOf('@')
  const seconds = Number(name.slice(at + 1))
  return at > 0 && Number.isSafeInteger(seconds) && name.length > at + 1
    ? { budget: name.slice(0, at), start: seconds * 1000 }
    : null
}

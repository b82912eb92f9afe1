import type { EpochMs } from '#kernel/units.ts'
import type { Kept, Taken } from './account.ts'
import type { Alert, QueuedAlert } from './alert.ts'
import type { Amount, PeriodKey } from './budget.ts'

/** A document with the version that a change must name. */
export interface Versioned {
  readonly key: PeriodKey
  readonly version: number
  readonly json: string
}

/** Where definitions, periods and alerts are kept. Every operation is one statement. */
export interface BudgetStore {
  /** Definitions that administrators made, by tenant and id. */
  definitions(): Promise<readonly { tenant: string; id: string; json: string }[]>
  putDefinition(of: {
    readonly tenant: string
    readonly id: string
    readonly json: string
    readonly at: EpochMs
    readonly by: string
  }): Promise<void>
  /** Whether there was one. */
  removeDefinition(tenant: string, id: string): Promise<boolean>
  /** Changes whenever a definition does, so that others notice. */
  definitionsStamp(): Promise<string>

  account(key: PeriodKey): Promise<Versioned | null>
  /** Writes if the version is still this one (0: there is none yet); false when somebody else was quicker. */
  swapAccount(of: Versioned & { readonly end: EpochMs | null }): Promise<boolean>
  /** Periods that have not ended by then. */
  openAccounts(since: EpochMs): Promise<readonly Versioned[]>

  /** The last record of a writer that is counted in every account; null before the first. */
  cursor(writer: string): Promise<number | null>
  /** Never goes back. */
  moveCursor(writer: string, seq: number): Promise<void>

  /** Queues an alert unless its id is there already; whether it was new. */
  addAlert(alert: Alert, at: EpochMs): Promise<boolean>
  /** The next alert that is due, taken by one sender alone: it is due again at `againAt` unless something else is told. */
  claimAlert(now: EpochMs, againAt: EpochMs): Promise<QueuedAlert | null>
  postponeAlert(id: string, dueAt: EpochMs): Promise<void>
  endAlert(id: string, state: 'sent' | 'given-up', at: EpochMs): Promise<void>
  /** Newest first. */
  alerts(tenant: string, limit: number): Promise<readonly QueuedAlert[]>
}

/** Where a process gets slices of budgets from; the database is behind it, perhaps in another process. */
export interface Vault {
  take(key: PeriodKey, epoch: string | null, want: Amount): Promise<Taken>
  keep(key: PeriodKey, epoch: string, allotted: Amount): Promise<Kept>
  /** Durable when it resolves; false: the share is lost. */
  holdMore(key: PeriodKey, epoch: string, amount: Amount): Promise<boolean>
  /** Somebody was refused because of this budget. */
  refused(key: PeriodKey): void
}

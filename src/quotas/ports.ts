import type { Milliseconds } from '#kernel/units.ts'
import type { Quota } from './quota.ts'
import type { LeaseAsk, LeaseGrant, WindowState } from './quota-window.ts'

/** What one process says of one count. */
export interface KeyedAsk {
  readonly key: string
  readonly windowMs: Milliseconds
  readonly ask: LeaseAsk
}

/** Whoever has the whole of each count, and leases slices of it. */
export interface LeaseAuthority {
  /** One grant for each ask, in the same order; rejects when it cannot be reached. */
  lease(asks: readonly KeyedAsk[]): Promise<readonly LeaseGrant[]>
}

/** Quotas that administrators wrote; those of the configuration file are not among them. */
export interface QuotaStore {
  /** Another quota of that id is replaced. */
  put(quota: StoredQuota): Promise<void>
  /** All of these or, when it rejects, none; at most 1,000, each id once. */
  putAll(quotas: readonly StoredQuota[]): Promise<void>
  /** False when there was none. */
  remove(tenant: string, id: string): Promise<boolean>
  get(tenant: string, id: string): Promise<StoredQuota | null>
  /** Of all organisations, by their names and then by id, from after this one. */
  list(query: {
    readonly after?: { readonly tenant: string; readonly id: string }
    readonly limit?: number
  }): Promise<readonly StoredQuota[]>
}

export interface StoredQuota {
  readonly tenant: string
  readonly quota: Quota
  readonly at: number
  /** Key id, `local` or `system`. */
  readonly by: string
}

/** A count as it is kept. */
export interface StoredWindow {
  readonly key: string
  readonly windowMs: Milliseconds
  readonly state: WindowState
}

/** Counts in the database. */
export interface WindowStore {
  /** Leases from the counts in the database, by the clock of the database: for processes that share nothing else. */
  lease(asks: readonly KeyedAsk[]): Promise<readonly LeaseGrant[]>
  /** Keeps counts as they are now: for a process that has them all to itself. */
  save(windows: readonly StoredWindow[]): Promise<void>
  all(): Promise<readonly StoredWindow[]>
  /** What is counted now under names that begin so. */
  usage(prefix: string): Promise<readonly { readonly key: string; readonly total: number }[]>
  /** Forgets counts in which nothing can be left at this time, milliseconds since 1970; returns how many. */
  sweep(before: number): Promise<number>
}

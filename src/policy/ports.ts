import type { EpochMs } from '#kernel/units.ts'

/** What was done to the policy that is kept in the database. */
export const POLICY_ACTIONS = [
  'put',
  'stage',
  'share',
  'rollback',
  'withdraw',
  'shadow',
  'shadow-off',
] as const
export type PolicyAction = (typeof POLICY_ACTIONS)[number]

/** By what a staged policy finds its share of the requests. */
export const SHARE_KINDS = ['key', 'team'] as const
export type ShareKind = (typeof SHARE_KINDS)[number]

/** Which versions count, by their numbers. */
export interface PolicyState {
  /** Null: the policy of the configuration file. */
  readonly inForce: number | null
  /** In force for a share alone; null: nothing is being rolled out. */
  readonly staged: number | null
  /** Percent of keys or teams, whole, 1 to 99; 0 where nothing is staged. */
  readonly share: number
  readonly shareBy: ShareKind
  /** Decided beside the one in force, counted, never obeyed. */
  readonly shadow: number | null
}

/** One change; the newest says what is in force, and those with a document are the versions. */
export interface PolicyChange {
  readonly tenant: string
  /** 1, 2, 3 ... */
  readonly number: number
  readonly action: PolicyAction
  /** YAML, as its author wrote it; null where a version that is known is put in another place. */
  readonly document: string | null
  /** The version that decisions quote, as it was when the change was made; null without a document. */
  readonly digest: string | null
  readonly state: PolicyState
  readonly reason: string
  /** Key id or `local`. */
  readonly by: string
  readonly at: EpochMs
}

export interface PolicyHistoryQuery {
  /** Older than this number. */
  readonly before?: number | undefined
  readonly by?: string | undefined
  readonly action?: PolicyAction | undefined
  readonly since?: EpochMs | undefined
  readonly until?: EpochMs | undefined
  readonly limit: number
}

/** Where changes of the policy are kept, for ever. */
export interface PolicyStore {
  /** False, and nothing kept, when somebody else has made the change of that number. */
  add(change: PolicyChange): Promise<boolean>
  last(tenant: string): Promise<PolicyChange | null>
  get(tenant: string, number: number): Promise<PolicyChange | null>
  /** Newest first, without documents. */
  list(tenant: string, query: PolicyHistoryQuery): Promise<readonly PolicyChange[]>
}

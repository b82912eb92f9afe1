/** The tables of quotas as the query builder sees them. */
export interface QuotaTables {
  readonly quota: { tenant: string; id: string; json: string; at: number; by: string }
  readonly quota_window: {
    key: string
    window_ms: number
    version: number
    state: string
    ends_at: number
  }
}

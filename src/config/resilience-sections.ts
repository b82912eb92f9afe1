import type { z } from 'zod'
import type { Breaker, DestinationLimits, Hedge, Retries, Timeouts } from './resilience-schema.ts'
import type * as settled from './types.ts'

/** Share (0 to 1) of answers that have come when nothing else is said. */
const USUAL_SHARE = 0.95

export const timeoutsOf = (row: z.infer<typeof Timeouts>): settled.DestinationTimeouts => ({
  connectMs: row.connect_ms,
  firstByteMs: row.first_byte_ms,
  idleMs: row.idle_ms,
  totalMs: row.total_ms ?? null,
})

export const limitsOf = (row: z.infer<typeof DestinationLimits>): settled.DestinationLimits => ({
  concurrent: row.concurrent,
  queue: row.queue,
  queueMs: row.queue_ms ?? null,
})

export const breakerOf = (row: z.infer<typeof Breaker>): settled.BreakerSettings => ({
  requests: row.requests,
  failedShare: row.failed_percent / 100,
  openMs: row.open_ms,
})

export const retriesOf = (row: z.infer<typeof Retries>): settled.RetrySettings => ({
  attempts: row.attempts,
  budgetShare: row.budget_percent / 100,
})

/** A fixed time stands alone unless a share is named beside it. */
export function hedgeOf(row: z.infer<typeof Hedge> | undefined): settled.HedgeSettings | null {
  if (row === undefined) return null
  const { percentile, after_ms: afterMs = null } = row
  if (percentile !== undefined) return { share: percentile / 100, afterMs }
  return { share: afterMs === null ? USUAL_SHARE : null, afterMs }
}

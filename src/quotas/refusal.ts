import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Need } from './plan.ts'
import { windowText } from './window-text.ts'

/** Why a request has to come back later, or can never fit; names the quota. */
export function refusalOf(
  { quota, measure, limit }: Need,
  isNever: boolean,
  retryMs: Milliseconds,
): Refusal {
  const detail = { quota: quota.id, measure, limit, window: windowText(quota.windowMs) }
  return isNever
    ? { code: 'exceeds-limit', detail }
    : { code: 'rate-limited', detail, retryAfterSeconds: Math.max(1, Math.ceil(retryMs / 1000)) }
}

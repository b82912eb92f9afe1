import type { Clock } from '#kernel/ports.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { ALERT_TRIES, alertWaitMs } from './alert.ts'
import type { BudgetStore } from './ports.ts'
import { webhookHeaders } from './sign-webhook.ts'

/** Sends one message to the receiver of the configuration; never rejects, never follows a redirect. */
export type PostWebhook = (message: {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}) => Promise<'taken' | 'refused' | 'retry'>

export interface AlertSenderOptions {
  readonly store: Pick<BudgetStore, 'claimAlert' | 'postponeAlert' | 'endAlert'>
  readonly clock: Clock
  /** The receiver and what signs for it; null when there is none, and alerts wait. */
  readonly receiver: () => { readonly post: PostWebhook; readonly secret: string } | null
  /** An alert was given up, or could not be kept track of. */
  readonly failed: (id: string) => void
}

/** How long another sender leaves an alert alone that this one has taken: longer than a request may last. */
const CLAIM_MS: Milliseconds = 60_000
/** Alerts sent in one round. */
const ROUND = 100

/**
 * Sends what is due, each by one process alone. One that dies in between has another send it again under the same id:
 * receivers see each id at least once, and drop what they have had.
 */
export async function sendAlerts(options: AlertSenderOptions): Promise<number> {
  const { store, clock, receiver, failed } = options
  let sent = 0
  for (let round = 0; round < ROUND; round += 1) {
    const to = receiver()
    const now = clock()
    const alert = to && (await store.claimAlert(now, now + CLAIM_MS))
    if (!to || !alert) return sent
    const { id, body, tries } = alert
    const seconds = Math.floor(now / 1000)
    const signed = webhookHeaders(to.secret, { id, seconds, body })
    const outcome = await to.post({ headers: signed, body })
    if (outcome === 'taken') {
      sent += 1
      await store.endAlert(id, 'sent', clock())
    } else if (outcome === 'refused' || tries >= ALERT_TRIES) {
      failed(id)
      await store.endAlert(id, 'given-up', clock())
    } else await store.postponeAlert(id, clock() + alertWaitMs(tries))
  }
  return sent
}

import { Pool } from 'undici'
import { isOwnZone, type Zone } from '#kernel/destination.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { publicLookup } from './address-check.ts'

const TIMEOUT_MS: Milliseconds = 10_000

/** What became of a message: taken, refused for good, or worth another try. */
export type Posted = 'taken' | 'refused' | 'retry'

export interface WebhookLine {
  /** Never rejects; redirects are not followed. */
  readonly post: (message: {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }) => Promise<Posted>
  close(): Promise<void>
}

/** Statuses that tell of a state that may pass; 410 and the other refusals do not. */
const isWorthRetrying = (status: number): boolean =>
  status >= 500 || status === 408 || status === 409 || status === 425 || status === 429

/**
 * The line to a receiver of webhooks, under the rules of every line that leads out: a name outside our own zones must
 * lead to a public address, and the connection is made to the address that was checked.
 */
export function openWebhookLine(to: { readonly url: string; readonly zone: Zone }): WebhookLine {
  const url = new URL(to.url)
  const pool = new Pool(url.origin, {
    connections: 2,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connect: {
      timeout: TIMEOUT_MS,
      ...(isOwnZone(to.zone) ? {} : { lookup: publicLookup() }),
    },
  })
  return {
    async post({ headers, body }) {
      try {
        const answer = await pool.request({
          method: 'POST',
          path: `${url.pathname}${url.search}`,
          headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'ecluse' },
          body,
        })
        await answer.body.dump()
        const { statusCode } = answer
        if (statusCode >= 200 && statusCode < 300) return 'taken'
        return isWorthRetrying(statusCode) ? 'retry' : 'refused'
      } catch {
        return 'retry'
      }
    },
    close: () => pool.destroy(),
  }
}

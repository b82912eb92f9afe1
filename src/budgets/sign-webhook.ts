import { createHmac } from 'node:crypto'

/** Secrets are written with this prefix and Base64 behind it; any other text is taken as it is. */
const PREFIX = 'whsec_'

/**
 * The headers that let a receiver check where a message comes from and when: HMAC-SHA256 over id, time and body
 * (Standard Webhooks, https://www.standardwebhooks.com). Receivers refuse old timestamps and ids they have had.
 */
export function webhookHeaders(
  secret: string,
  message: { readonly id: string; readonly seconds: number; readonly body: string },
): Readonly<Record<string, string>> {
  const { id, seconds, body } = message
  const signature = createHmac('sha256', webhookKey(secret))
    .update(`${id}.${seconds}.${body}`)
    .digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  }
}

const webhookKey = (secret: string): Uint8Array =>
  secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8')

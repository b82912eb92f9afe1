import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { RandomBytes } from '#kernel/ports.ts'
import { newNonce, seal, unseal } from '../seal.ts'

const Tokens = z.strictObject({ idToken: z.string(), refreshToken: z.string().nullable() })
/** What of the provider is kept beside a session: for asking again, and for leaving there too. */
export type VouchedTokens = z.infer<typeof Tokens>

const PURPOSE = 'tokens of an identity provider'

/** Tokens as they are stored: readable only with the root secret. */
export const sealTokens = (
  key: KeyObject,
  randomBytes: RandomBytes,
  { idToken, refreshToken }: VouchedTokens,
): Uint8Array =>
  seal(key, PURPOSE, newNonce(randomBytes), Buffer.from(JSON.stringify({ idToken, refreshToken })))

/** Null when they were sealed under another root secret, or changed. */
export function unsealTokens(key: KeyObject, sealed: Uint8Array): VouchedTokens | null {
  const opened = unseal(key, PURPOSE, sealed)
  return opened && (Tokens.safeParse(JSON.parse(opened.toString('utf8'))).data ?? null)
}

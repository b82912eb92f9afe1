import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import type { RandomBytes } from '#kernel/ports.ts'

/** Of AES-256-GCM (NIST SP 800-38D), bytes. */
const NONCE = 12
const TAG = 16

/** The place a row stands in: one that is moved to another opens nowhere. */
const about = (tenant: string, key: string): Buffer =>
  Buffer.from(`ecluse cache v1\n${tenant}\n${key}`)

/** Nonce, tag, ciphertext. */
export function sealAnswer(
  key: KeyObject,
  place: { readonly tenant: string; readonly key: string },
  bytes: Uint8Array,
  randomBytes: RandomBytes,
): Uint8Array {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(about(place.tenant, place.key))
  const text = [cipher.update(bytes), cipher.final()]
  return Uint8Array.from(Buffer.concat([nonce, cipher.getAuthTag(), ...text]))
}

/** Null when it was not sealed under this key, for this place. */
export function openAnswer(
  key: KeyObject,
  place: { readonly tenant: string; readonly key: string },
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < NONCE + TAG) return null
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
  cipher.setAAD(about(place.tenant, place.key))
  cipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG))
  try {
    return Buffer.concat([cipher.update(sealed.subarray(NONCE + TAG)), cipher.final()])
  } catch {
    // the tag does not hold
    return null
  }
}

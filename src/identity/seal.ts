import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

/** Nonce and tag of AES-256-GCM (NIST SP 800-38D), bytes. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Bytes that only the holder of the key can read or have made: nonce, tag, ciphertext. `nonce` must never come twice. */
export function seal(
  key: KeyObject,
  purpose: string,
  nonce: Uint8Array,
  bytes: Uint8Array,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(purpose))
  const sealed = [cipher.update(bytes), cipher.final()]
  return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed])
}

/** A nonce for one sealing. */
export const newNonce = (randomBytes: (length: number) => Uint8Array): Uint8Array =>
  randomBytes(NONCE_BYTES)

/** What was sealed for this purpose under this key; null when it was not, or was changed since. */
export function unseal(key: KeyObject, purpose: string, sealed: Uint8Array): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    const opened = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
    return Buffer.concat([opened, decipher.final()])
  } catch {
    // the tag does not hold
    return null
  }
}

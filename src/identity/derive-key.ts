import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Everything a key is derived for; each purpose gets a key of its own. */
export type KeyPurpose =
  | 'api-keys'
  | 'sessions'
  | 'classification-memo'
  | 'own-terms'
  | 'own-terms-file'
  | 'placeholders'
  | 'sealed-secrets'
  | 'fingerprint'
  | 'sign-in'

declare const rootSecret: unique symbol
/** The one secret everything else derives from: at least 32 bytes. */
export type RootSecret = Uint8Array & { readonly [rootSecret]: true }

/** Marks bytes as a root secret. @throws RangeError under 32 bytes. */
export function asRootSecret(bytes: Uint8Array): RootSecret {
  if (!isLongEnough(bytes)) throw new RangeError('a root secret has at least 32 bytes')
  return bytes
}

/** 32 bytes for one purpose: HKDF-SHA256 (RFC 5869), empty salt, info `ecluse/v1/<purpose>`. */
export const deriveKey = (root: RootSecret, purpose: KeyPurpose): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', root, '', `ecluse/v1/${purpose}`, 32))

/** A derived key in the form that `keyedDigest` takes: parsed once, a digest then costs 2.6 us instead of 15. */
export const digestKey = (root: RootSecret, purpose: KeyPurpose): KeyObject =>
  createSecretKey(deriveKey(root, purpose))

/** For the placeholders of one organisation at one destination: each has a key of its own below that of the purpose. */
export function placeholderKeys(
  root: RootSecret,
): (tenant: string, destination: string) => KeyObject {
  const purpose = deriveKey(root, 'placeholders')
  const known = new Map<string, KeyObject>()
  return (tenant, destination) => {
    const info = JSON.stringify([tenant, destination])
    const key =
      known.get(info) ?? createSecretKey(new Uint8Array(hkdfSync('sha256', purpose, '', info, 32)))
    // those of the configuration are few
    if (known.size < MOST_KEYS) known.set(info, key)
    return key
  }
}

const MOST_KEYS = 10_000

/** HMAC-SHA256 of a text, 32 bytes. */
export const keyedDigest = (key: KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

const isLongEnough = (bytes: Uint8Array): bytes is RootSecret => bytes.length >= 32

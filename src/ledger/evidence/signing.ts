import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** Of an Ed25519 key (RFC 8032): the seed, the public key, a signature. Bytes. */
const SEED = 32
const PUBLIC = 32

/** What stands before a 32-byte seed in PKCS #8, and before a 32-byte key in SubjectPublicKeyInfo: RFC 8410, section 7 and 10. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** Signs checkpoints; the private half never leaves it. */
export interface Signer {
  /** 32 bytes. */
  readonly key: Uint8Array
  readonly sign: (message: string) => Uint8Array
}

/** @throws RangeError when the seed has not 32 bytes */
export function signerOf(seed: Uint8Array): Signer {
  if (seed.length !== SEED) throw new RangeError('an Ed25519 seed has 32 bytes')
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  return {
    key: Uint8Array.from(spki.subarray(SPKI.length)),
    sign: (message) => Uint8Array.from(sign(null, Buffer.from(message), secret)),
  }
}

const parsedKeys = new Map<string, KeyObject>()

/** Whether this key signed this text; false for what is no key. */
export function isSignedBy(key: Uint8Array, message: string, signature: Uint8Array): boolean {
  if (key.length !== PUBLIC) return false
  const name = Buffer.from(key).toString('hex')
  let parsed = parsedKeys.get(name)
  if (!parsed) {
    parsed = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' })
    if (parsedKeys.size > 64) parsedKeys.clear()
    parsedKeys.set(name, parsed)
  }
  return verify(null, Buffer.from(message), parsed, signature)
}

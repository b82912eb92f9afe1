import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { err, ok, type Result } from '#kernel/result.ts'
import { preAuthentication } from './dsse.ts'
import type { SigningProblem } from './problem.ts'
import { PAYLOAD_TYPE } from './statement.ts'

/** Digest by curve, as the specification pairs them; OpenSSL's names. */
const HASH_OF_CURVE: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
}

/** A key of one of the three curves, with the digest that goes with it. */
export interface CurveKey {
  readonly key: KeyObject
  readonly hash: string
}

/** The curve's digest beside a key; null for any other key. */
export function curveKey(key: KeyObject): CurveKey | null {
  const hash = HASH_OF_CURVE[key.asymmetricKeyDetails?.namedCurve ?? '']
  return key.asymmetricKeyType === 'ec' && hash !== undefined ? { key, hash } : null
}

/** The public key of a PEM text: a key, or what a certificate holds is not taken for one. */
export function readPublicKey(pem: string): Result<CurveKey, SigningProblem> {
  if (!/-----BEGIN (?:EC )?PUBLIC KEY-----/.test(pem)) return err({ code: 'key-unreadable' })
  return curveOf(() => createPublicKey(pem))
}

/** The private key of a PEM text without a pass phrase. */
export function readPrivateKey(pem: string): Result<CurveKey, SigningProblem> {
  if (/ENCRYPTED/.test(pem)) return err({ code: 'key-encrypted' })
  return curveOf(() => createPrivateKey(pem))
}

function curveOf(read: () => KeyObject): Result<CurveKey, SigningProblem> {
  let key: KeyObject
  try {
    key = read()
  } catch {
    return err({ code: 'key-unreadable' })
  }
  const known = curveKey(key)
  if (known === null) {
    const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? '?'
    return err({ code: 'key-unsupported', detail: { kind } })
  }
  return ok(known)
}

/** How a bundle names the key that signed it: SHA-256 of the public key as PEM, hexadecimal. */
export function keyHint(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key
  const pem = half.export({ type: 'spki', format: 'pem' })
  return createHash('sha256').update(pem).digest('hex')
}

/** An ECDSA signature (DER) over a DSSE payload. */
export const signPayload = ({ key, hash }: CurveKey, payload: Uint8Array): Buffer =>
  sign(hash, preAuthentication(PAYLOAD_TYPE, payload), key)

/** Whether a signature over a DSSE payload is of this key. */
export function isSignedBy(
  { key, hash }: CurveKey,
  payload: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verify(hash, preAuthentication(PAYLOAD_TYPE, payload), key, signature)
  } catch {
    return false
  }
}

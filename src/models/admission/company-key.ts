import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { curveKey, keyHint, type CurveKey } from '../signing/key.ts'

/** The company's key, which vouches for weights and for exceptions. */
export interface CompanyKey {
  readonly signing: CurveKey
  readonly verifying: CurveKey
  /** As PEM, to be given to those who verify. */
  readonly publicPem: string
  /** SHA-256 of the PEM, hexadecimal. */
  readonly fingerprint: string
}

/** Order of P-256 (FIPS 186-5, SP 800-186 3.2.1.3). */
const ORDER =
  0xff_ff_ff_ff_00_00_00_00_ff_ff_ff_ff_ff_ff_ff_ff_bc_e6_fa_ad_a7_17_9e_84_f3_b9_ca_c2_fc_63_25_51n

/** A P-256 key from 48 secret bytes: the remainder by n - 1, plus one (FIPS 186-5 A.2.1, extra random bits). */
export function companyKey(seed: Uint8Array): CompanyKey {
  const scalar = (BigInt(`0x${Buffer.from(seed).toString('hex')}`) % (ORDER - 1n)) + 1n
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex')
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(d)
  const point = pair.getPublicKey()
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: d.toString('base64url'),
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  })
  const half = createPublicKey(key)
  return {
    signing: curved(key),
    verifying: curved(half),
    publicPem: String(half.export({ type: 'spki', format: 'pem' })),
    fingerprint: keyHint(half),
  }
}

function curved(key: KeyObject): CurveKey {
  const found = curveKey(key)
  if (found === null) throw new TypeError('not a key of a curve')
  return found
}

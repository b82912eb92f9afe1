import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts'

/** Any time; tests move it. */
export const START = 1_800_000_000_000
const seconds = (ms: number): number => Math.floor(ms / 1000)

interface Pair {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK
}

export async function newPair(kid: string, alg = 'ES256'): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

export const ISSUER = 'https://issuer.example'

/** An issuer in memory: its keys, how often they were asked for, and whether it answers. */
export async function testIssuer(over: { readonly cooldown?: number } = {}) {
  const time = { now: START }
  const first = await newPair('first')
  const state = { keys: [first.jwk] as JWK[], reads: 0, isDown: false }
  const load = (): Promise<unknown> => {
    state.reads += 1
    return Promise.resolve(state.isDown ? null : { keys: state.keys })
  }
  const keys: IssuerKeys = createIssuerKeys({ load, clock: () => time.now, ...over })
  return { time, state, first, keys, load }
}

/** A token of the issuer, good unless told otherwise; a claim set to null is left out. */
export function token(
  pair: Pair,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const all = {
    iss: ISSUER,
    aud: 'ecluse',
    sub: 'robot',
    iat: seconds(START),
    exp: seconds(START) + 300,
    ...claims,
  }
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
  return new SignJWT(given)
    .setProtectedHeader({ alg: pair.alg, kid: pair.kid, ...header })
    .sign(pair.privateKey)
}

import { createPublicKey, verify } from 'node:crypto'
import { canonicalJson, type JsonObject } from '#kernel/canonical-json.ts'

/** What is signed in a document with an enveloped signature of JSON Signature Format: all of it, canonical (RFC 8785), but the value. */
export const signedText = (bom: JsonObject, key: string): string =>
  canonicalJson({ ...bom, signature: header(key) })

/** The document with its signature; `key` and `signature` in hexadecimal, Ed25519. */
export const withSignature = (bom: JsonObject, key: string, signature: string): JsonObject => ({
  ...bom,
  signature: { ...header(key), value: Buffer.from(signature, 'hex').toString('base64url') },
})

const header = (key: string): JsonObject => ({
  algorithm: 'Ed25519',
  publicKey: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key, 'hex').toString('base64url') },
})

/** What became of a check. unsigned: there is none, or one of another kind. */
export type BomSignature =
  | { readonly state: 'unsigned' }
  | { readonly state: 'holds' | 'broken'; readonly key: string }

/** Checks the enveloped signature of a document. Whose key it is, is for the caller to know. */
export function checkSignature(bom: JsonObject): BomSignature {
  const signature = bom['signature']
  if (!isObject(signature) || signature['algorithm'] !== 'Ed25519') return { state: 'unsigned' }
  const { publicKey, value, ...rest } = signature
  const x = isObject(publicKey) ? publicKey['x'] : null
  if (typeof x !== 'string' || typeof value !== 'string') return { state: 'unsigned' }
  const key = Buffer.from(x, 'base64url').toString('hex')
  // a list of what is left out would let anything be changed
  if (Object.keys(rest).join() !== 'algorithm' || key.length !== 64) return { state: 'unsigned' }
  const text = canonicalJson({ ...bom, signature: { algorithm: 'Ed25519', publicKey } })
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x }
    const parsed = createPublicKey({ key: jwk, format: 'jwk' })
    const holds = verify(null, Buffer.from(text), parsed, Buffer.from(value, 'base64url'))
    return { state: holds ? 'holds' : 'broken', key }
  } catch {
    return { state: 'broken', key }
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

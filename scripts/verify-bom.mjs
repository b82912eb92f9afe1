#!/usr/bin/env node
// Checks a signed bill of materials without Écluse: node verify-bom.mjs FILE [--key HEX]
// FILE is CycloneDX in JSON with an enveloped signature of JSON Signature Format (Ed25519). What is signed is the document
// without `signature.value`, canonical as RFC 8785 says: keys sorted, no white space.
// Exit code 0: signed, by the key that --key names if it is given; 1: not; 3: usage.
import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const args = process.argv.slice(2)
const pinned = args.includes('--key') ? args.splice(args.indexOf('--key'), 2)[1] : null
const end = (code, text) => {
  console.error(text)
  process.exit(code)
}
if (args.length !== 1) end(3, 'verify-bom.mjs FILE [--key HEX]')

const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.keys(value).sort()
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

const bom = JSON.parse(readFileSync(args[0], 'utf8'))
const { algorithm, publicKey, value, ...more } = bom.signature ?? {}
if (algorithm !== 'Ed25519' || Object.keys(more).length > 0) end(1, 'not signed in this way')
const key = Buffer.from(publicKey.x, 'base64url').toString('hex')
if (pinned !== null && key !== pinned) end(1, `signed by another key: ${key}`)
const text = canonical({ ...bom, signature: { algorithm, publicKey } })
const parsed = createPublicKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.x },
  format: 'jwk',
})
if (!verify(null, Buffer.from(text), parsed, Buffer.from(value, 'base64url'))) {
  end(1, 'the signature does not hold: the document was changed')
}
console.log(`signed by ${key}: ${bom.components.length} components at ${bom.metadata.timestamp}`)

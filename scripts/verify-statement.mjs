#!/usr/bin/env node
// Checks a statement of Écluse without Écluse: node verify-statement.mjs FILE [--key HEX]
// FILE is JSON: `statement`, the text that was signed, and `signature`, Ed25519 (RFC 8032) over that text, by the key in it.
// Exit code 0: signed, by the key that --key names if it is given; 1: not; 3: usage. Who holds the key is for you to know:
// `ecluse audit keys` lists the keys that sign the ledger, and each names the next.
import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const args = process.argv.slice(2)
const pinned = args.includes('--key') ? args.splice(args.indexOf('--key'), 2)[1] : null
const end = (code, text) => {
  console.error(text)
  process.exit(code)
}
if (args.length !== 1) end(3, 'verify-statement.mjs FILE [--key HEX]')

const { statement, signature } = JSON.parse(readFileSync(args[0], 'utf8'))
const said = JSON.parse(statement)
const { format, v, key, question, answer, evidence } = said
if (format !== 'ecluse-statement' || v !== 1) end(1, 'not a statement of this kind')
if (typeof signature !== 'string') end(1, 'it is not signed')
if (pinned !== null && key !== pinned) end(1, `signed by another key: ${key}`)
const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')])
const parsed = createPublicKey({ key: der, format: 'der', type: 'spki' })
const isSigned = verify(null, Buffer.from(statement), parsed, Buffer.from(signature, 'hex'))
if (!isSigned) end(1, 'the signature does not hold: the statement was changed')
if (!evidence.whole) end(1, 'the ledger it was made from was altered')
console.log(JSON.stringify({ key, question, answer, evidence }, null, 2))

#!/usr/bin/env node
// Checks an export of Écluse's evidence without Écluse: node verify-export.mjs EXPORT.jsonl [--key HEX] [--anchor FILE]
// Exit code 0: everything holds; 1: the first line at fault is named; 2: no such file; 3: usage. What is computed:
//   leaf = SHA-256(salt || payload), the text of the event
//   hash = SHA-256(canonical JSON of the header), with the leaf and the hash of the record before it
//   root = Merkle tree (RFC 6962) over the hashes of a stretch of one chain
//   a checkpoint names roots and the checkpoint before it, and is signed by Ed25519 (RFC 8032)
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const args = process.argv.slice(2)
const option = (name) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : null)
const [pinned, anchorFile] = [option('--key'), option('--anchor')]
const [file] = args
let at = 0
const end = (code, text) => {
  console.error(code === 1 ? `line ${at}: ${text}` : text)
  process.exit(code)
}
const must = (holds, text) => holds || end(1, text)
if (args.length !== 1) end(3, 'verify-export.mjs EXPORT.jsonl [--key HEX] [--anchor FILE]')

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const shaText = (text) => sha(Buffer.from(text)).toString('hex')
const hex = (text) => Buffer.from(text, 'hex')

/** Ed25519 over a text, by a public key of 32 bytes. */
const isSigned = (key, text, signature) => {
  const der = Buffer.concat([hex('302a300506032b6570032100'), hex(key)])
  const parsed = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), parsed, hex(signature))
}

/** The root over hashes: neighbours are paired, an odd one goes up as it is. */
const rootOf = (hashes) => {
  let level = hashes.map((hash) => sha(Buffer.of(0), hash))
  for (; level.length > 1; level = level.filter((_, i) => i % 2 === 0)) {
    for (let i = 0; i + 1 < level.length; i += 2)
      level[i] = sha(Buffer.of(1), level[i], level[i + 1])
  }
  return level[0]?.toString('hex')
}

// by writer: its last record, and the hashes since the last checkpoint; by number: bodies kept outside
const [chains, anchors, keys] = [new Map(), new Map(), new Set()]
let [records, last, previous, isOver] = [0, 0, null, false]

/** Takes the hash of the next record of a chain. */
const next = ({ writer, seq, hash }) => {
  const chain = chains.get(writer) ?? { seq: 0, since: [] }
  must(seq === chain.seq + 1, `${writer} ${seq} follows ${chain.seq}`)
  chain.since.push(hex(hash))
  chains.set(writer, { seq, hash, since: chain.since })
  records += 1
}

const check = {
  header({ format, keys: given, start }) {
    must(at === 1 && format === 'ecluse-evidence', 'no header of such an export')
    // the first key, or the known one, and each that the one before it has signed
    for (const [i, { generation, key, signature }] of given.entries()) {
      const [before, text] = [given[i - 1]?.key, `ecluse signing key v1\n${generation}\n${key}`]
      if (pinned ? key === pinned : i === 0) keys.add(key)
      else if (keys.has(before) && isSigned(before, text, signature)) keys.add(key)
    }
    for (const { writer, seq, hash } of start) chains.set(writer, { seq, hash, since: [] })
  },
  record({ id, tenant, writer, seq, at: time, type, salt, payload, leaf: erased }) {
    const prev = chains.get(writer)?.hash ?? '0'.repeat(64)
    const leaf = erased ?? sha(hex(salt), Buffer.from(payload)).toString('hex')
    // these keys in this order, without white space: canonical JSON (RFC 8785)
    const header = { at: time, id, leaf, prev, seq, tenant, type, v: 1, writer }
    next({ writer, seq, hash: shaText(JSON.stringify(header)) })
  },
  skipped: next,
  checkpoint({ body, signature }) {
    const { number, key, chains: covered, previous: before } = JSON.parse(body)
    must(keys.has(key), `checkpoint ${number} is signed by a key that may not`)
    must(isSigned(key, `ecluse checkpoint v1\n${body}`, signature), `${number} was not signed so`)
    must(before === (previous ?? before) && number > last, `${number} does not follow`)
    for (const { writer, to, head, root } of covered) {
      const { seq, hash, since } = chains.get(writer) ?? {}
      const holds = seq === to && hash === head && rootOf(since ?? []) === root
      must(holds, `records of ${writer} up to ${to} are not those of checkpoint ${number}`)
      chains.set(writer, { seq, hash, since: [] })
    }
    must((anchors.get(number) ?? body) === body, `checkpoint ${number} is another one outside`)
    ;[last, previous] = [number, shaText(body)]
  },
  end({ heads, checkpoint }) {
    must(last === checkpoint || last === 0, 'the last checkpoint is not here')
    for (const { writer, seq, hash } of heads) {
      must(chains.get(writer)?.seq === seq && chains.get(writer).hash === hash, `end of ${writer}`)
    }
    isOver = true
  },
}

try {
  for (const line of anchorFile ? readFileSync(anchorFile, 'utf8').split('\n') : []) {
    if (line !== '') anchors.set(JSON.parse(JSON.parse(line).body).number, JSON.parse(line).body)
  }
  for await (const text of createInterface({ input: createReadStream(file) })) {
    at += 1
    const line = JSON.parse(text)
    must(!isOver && (at === 1) === (line.kind === 'header'), 'this line does not belong here')
    must(Object.hasOwn(check, line.kind), 'no such kind of line')
    check[line.kind](line)
  }
} catch (error) {
  end(error.code === 'ENOENT' ? 2 : 1, `cannot be read (${error.code ?? error.name})`)
}
must(isOver, 'the export ends before its end')
for (const number of anchors.keys()) must(number <= last, `checkpoint ${number} is only outside`)
const open = [...chains.values()].reduce((sum, { since }) => sum + since.length, 0)
console.log(`${records} records hold up to checkpoint ${last}, ${open} of them since`)

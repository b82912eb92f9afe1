import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test, type TestContext } from 'node:test'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { anchorLine } from '../evidence/anchors.ts'
import { createCheckpointer } from '../evidence/checkpointer.ts'
import { currentSigner, rotateKey } from '../evidence/signing-keys.ts'
import { signerOf } from '../evidence/signing.ts'
import { hex } from '../hash.ts'
import { memoryLedger } from '../memory-ledger.fixture.ts'
import type { LedgerQuery } from '../ports.ts'
import { writeJsonl, writeParquet } from './write-export.ts'

const VERIFIER = fileURLToPath(new URL('../../../scripts/verify-export.mjs', import.meta.url))
const seedOf = (generation: number) => new Uint8Array(32).fill(generation)
const clock = () => 1_700_000_000_000

async function exported(query: LedgerQuery = {}, after?: number) {
  const ledger = memoryLedger(['one', 'two'])
  for (let round = 0; round < 4; round += 1) {
    if (round === 2) await rotateKey(ledger.evidence, seedOf)
    const current = await currentSigner(ledger.evidence, seedOf)
    assert.ok(current)
    ledger.append('one', 3)
    if (round !== 1) ledger.append('two', 2)
    await createCheckpointer({ ...ledger, ledger, signer: current.signer, clock }).make()
  }
  ledger.append('two', 1)
  ledger.edit('one', 2, (record) => ({ ...record, salt: null, payload: null }))
  let text = ''
  const parts = {
    ledger,
    evidence: ledger.evidence,
    query,
    ...(after === undefined ? {} : { after }),
  }
  const counts = await writeJsonl(parts, { write: async (more) => void (text += more) })
  const anchors = (await Array.fromAsync(ledger.evidence.checkpoints(1))).map(anchorLine)
  return { parts, text, lines: text.trimEnd().split('\n'), counts, anchors }
}

function verifier(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-export-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return (lines: readonly string[], anchors: readonly string[] | null = null, key?: string) => {
    writeFileSync(join(folder, 'export.jsonl'), `${lines.join('\n')}\n`)
    writeFileSync(join(folder, 'anchors'), `${(anchors ?? []).join('\n')}\n`)
    const { status, stdout, stderr } = spawnSync(process.execPath, [
      VERIFIER,
      join(folder, 'export.jsonl'),
      ...(anchors ? ['--anchor', join(folder, 'anchors')] : []),
      ...(key ? ['--key', key] : []),
    ])
    return { status, told: String(stdout) + String(stderr) }
  }
}

test('a whole export passes the independent verifier, with the anchors and the known key', async (t) => {
  const verify = verifier(t)
  const { lines, anchors, counts } = await exported()
  assert.deepEqual(counts, { records: 19, skipped: 0, checkpoints: 4, whole: true })
  const key = hex(signerOf(seedOf(1)).key)
  const passed = verify(lines, anchors, key)
  assert.deepEqual(passed, {
    status: 0,
    told: '19 records hold up to checkpoint 4, 1 of them since\n',
  })
  assert.equal(verify(lines, null, hex(signerOf(seedOf(9)).key)).status, 1)
  assert.equal(verify(lines.slice(0, 15), anchors).status, 1)
})

test('a part of it passes too, and so does one that goes on later', async (t) => {
  const verify = verifier(t)
  const filtered = await exported({ type: 'decision' })
  assert.deepEqual(filtered.counts, { records: 0, skipped: 19, checkpoints: 4, whole: true })
  assert.equal(verify(filtered.lines, filtered.anchors).status, 0)
  const { lines } = await exported()
  const cut = lines.findIndex((line) => line.includes('"number\\":2,')) + 1
  const rest = await exported({}, 2)
  assert.deepEqual([...lines.slice(0, cut), ...rest.lines], lines)
  const later = await exported({ since: clock() + 1 })
  assert.equal(later.counts.checkpoints, 0)
  assert.equal(verify(later.lines).status, 0)
})

test('the independent verifier names every kind of damage', async (t) => {
  const verify = verifier(t)
  const { lines, anchors } = await exported()
  const refused = (damaged: readonly string[], outside: readonly string[] | null = null) =>
    assert.equal(verify(damaged, outside).status, 1)
  const last = lines.length - 1
  for (let at = 0; at <= last; at += 1) refused(lines.toSpliced(at, 1))
  for (const at of [1, 2, 4, 7, 8, 12]) {
    refused(lines.toSpliced(at, 0, lines[at]!))
    // the order of two chains among each other says nothing
    if (JSON.parse(lines[at]!).writer !== JSON.parse(lines[at + 1]!).writer) continue
    refused(lines.with(at, lines[at + 1]!).with(at + 1, lines[at]!))
  }
  const changed = (at: number, from: RegExp, to: string) => {
    const other = lines[at]!.replace(from, to)
    assert.notEqual(other, lines[at])
    refused(lines.with(at, other))
  }
  const record = lines.findIndex((line) => line.includes('"salt"'))
  changed(record, /keys\.create/, 'keys.delete')
  changed(record, /"salt":"../, '"salt":"ff')
  changed(record, /default/, 'another')
  changed(record, /"at":1/, '"at":2')
  changed(record, /"type":"admin","writer/, '"type":"outcome","writer')
  const erased = lines.findIndex((line) => line.includes('"leaf"'))
  changed(erased, /"leaf":"./, '"leaf":"x')
  const checkpoint = lines.findIndex((line) => line.includes('"kind":"checkpoint"'))
  for (const [from, to] of [
    [/number\\":1/, 'number\\":5'],
    [/records\\":5/, 'records\\":6'],
    [/root\\":\\"./, 'root\\":\\"x'],
    [/"signature":"../, '"signature":"00'],
    [/key\\":\\"../, 'key\\":\\"00'],
  ] as const) {
    changed(checkpoint, from, to)
  }
  changed(0, /"generation":2/, '"generation":3')
  changed(last, /"seq":12/, '"seq":13')
  refused(lines, anchors.with(1, anchors[0]!.replace('number\\":1', 'number\\":2')))
  refused([...lines, lines[last]!])
  refused(lines.with(4, '{'))
})

test('a Parquet export holds the same records, and the checkpoints in its metadata', async () => {
  const { parts, lines } = await exported()
  const file = new ByteWriter()
  const counts = await writeParquet(parts, file)
  assert.equal(counts.records, 19)
  const buffer = file.getBuffer()
  const rows = await parquetReadObjects({ file: buffer })
  assert.equal(rows.length, 19)
  const [first] = rows
  const line = JSON.parse(lines[1]!)
  assert.deepEqual(
    [first?.['id'], first?.['salt'], first?.['payload'], first?.['seq'], Number(first?.['at'])],
    [line.id, line.salt, line.payload, 1n, line.at],
  )
  assert.equal(rows[1]?.['payload'] ?? null, null)
  const kept = parquetMetadata(buffer).key_value_metadata?.find(
    ({ key }) => key === 'ecluse.evidence',
  )
  assert.deepEqual(
    kept?.value?.split('\n'),
    lines.filter((text) => /"kind":"(?:header|checkpoint)"/.test(text)),
  )
})

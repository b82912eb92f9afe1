import assert from 'node:assert/strict'
import type { StoredRecord } from './event.ts'
import type { SignedCheckpoint, SigningKey } from './evidence/checkpoint.ts'
import { bytesOf, GENESIS, headerHex, hex, LINK_BYTES } from './hash.ts'
import type { EvidenceStore, LedgerHead, WalkedRecord } from './ports.ts'
import { countingBytes, countingIds, sampleAdmin, SAMPLES } from './samples.ts'
import { createLedgerWriter } from './writer.ts'

/** A ledger and its checkpoints in arrays, so that a test can do to it what no store allows. */
export function memoryLedger(writers: readonly string[]) {
  const clock = () => 1_700_000_000_000
  const newId = countingIds(clock)
  const chains = new Map<string, { rows: WalkedRecord[]; head: LedgerHead | null }>()
  const ledgers = new Map(
    writers.map((name) => {
      const chain: { rows: WalkedRecord[]; head: LedgerHead | null } = { rows: [], head: null }
      chains.set(name, chain)
      const writer = createLedgerWriter({
        store: {
          append({ records, head }) {
            const hashes = [...records.slice(1).map(({ prev }) => prev), head.hash]
            for (const [i, { prev: _, ...record }] of records.entries()) {
              const link = hashes[i]?.subarray(0, LINK_BYTES) ?? null
              chain.rows.push({ seq: record.seq, record, link })
            }
            chain.head = head
          },
        },
        writer: name,
        clock,
        newId,
        randomBytes: countingBytes(),
        head: null,
        scheduler: { soon: (run) => run(), after: () => {} },
        lingerMs: 0,
      })
      return [name, writer] as const
    }),
  )
  const chainOf = (writer: string) => {
    const chain = chains.get(writer)
    assert.ok(chain)
    return chain
  }
  return {
    evidence: memoryEvidence(),
    append(writer: string, count: number, type: 'admin' | 'checkpoint' = 'admin') {
      for (let i = 0; i < count; i += 1) {
        const event = type === 'admin' ? sampleAdmin() : SAMPLES.checkpoint
        assert.ok(ledgers.get(writer)?.append(event, { tenant: 'default' }).ok)
      }
    },
    edit(writer: string, seq: number, change: (record: StoredRecord) => StoredRecord) {
      const { rows } = chainOf(writer)
      const row = rows[seq - 1]
      assert.ok(row?.record)
      rows[seq - 1] = { ...row, record: change(row.record) }
    },
    /** As if nothing had ever come after: records, head and all. */
    truncate(writer: string, seq: number) {
      const chain = chainOf(writer)
      chain.rows.length = seq
      chain.head = { writer, seq, hash: headOf(chain.rows) }
    },
    /** Takes the first records out. */
    drop(writer: string, until: number) {
      chainOf(writer).rows.splice(0, until)
    },
    ids: (writer: string) => chainOf(writer).rows.map(({ record }) => record?.id ?? ''),
    heads: async () =>
      [...chains].map(([writer, { head }]) => head ?? { writer, seq: 0, hash: new Uint8Array(32) }),
    byId: async (id: string) =>
      [...chains.values()].flatMap(({ rows }) =>
        rows.flatMap(({ record }) => (record?.id === id ? [record] : [])),
      ),
    async *walk(writer: string, fromSeq: number) {
      for (const row of chains.get(writer)?.rows ?? []) if (row.seq >= fromSeq) yield row
    },
  }
}

function headOf(rows: readonly WalkedRecord[]): Uint8Array {
  let hash: Uint8Array = GENESIS
  for (const { record } of rows) {
    assert.ok(record)
    hash = bytesOf(headerHex({ ...record, prev: hex(hash), leaf: hex(record.leaf) }))
  }
  return hash
}

function memoryEvidence(): EvidenceStore {
  const checkpoints: SignedCheckpoint[] = []
  const keys: SigningKey[] = []
  const delivered = new Map<string, number>()
  return {
    async *checkpoints(from) {
      yield* checkpoints.filter(({ number }) => number >= (from ?? 0))
    },
    last: async () => checkpoints.at(-1) ?? null,
    async add(checkpoint) {
      if (checkpoints.some(({ number }) => number === checkpoint.number)) return false
      checkpoints.push(checkpoint)
      return true
    },
    keys: async () => keys,
    async addKey(key) {
      if (keys.some(({ generation }) => generation === key.generation)) return false
      keys.push(key)
      return true
    },
    delivered: async (anchor) => delivered.get(anchor) ?? 0,
    setDelivered: async (anchor, number) => void delivered.set(anchor, number),
  }
}

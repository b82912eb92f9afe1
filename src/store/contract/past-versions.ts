import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerBatch } from '#ledger/ports.ts'
import { LINK_BYTES } from '#ledger/hash.ts'
import { countingBytes, countingIds, SAMPLES, sampleDecision } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { encodeBody } from '../body/encode-body.ts'
import type { Store } from '../ports.ts'
import { typeNumber, uuidBytes } from '../sql/ledger-row.ts'
import { writerOn } from './filled.ts'

export type OldValue = number | string | Uint8Array | null
export type OldRow = Readonly<Record<string, OldValue>>

/** A database that a past version of the program left behind. */
export interface PastDatabase {
  /** Every table that keeps something, with its columns and what they hold. */
  tables(): Promise<ReadonlyMap<string, ReadonlyMap<string, 'integer' | 'real' | 'text' | 'bytes'>>>
  insert(table: string, row: OldRow): Promise<void>
  rows(table: string): Promise<readonly OldRow[]>
  /** Opens it as the program of today does. */
  open(): Promise<Store>
  remove(): Promise<void>
}

/** Rows of each table but those of the ledger. */
const ROWS = 3
const LEDGER = new Set(['ledger', 'ledger_writer', 'ledger_word', 'tenant'])
/** Milliseconds; all records fall into one month. */
const AT = 1_700_000_000_000

/** A database of each past version, full at that version, is taken over whole. */
export function pastVersions(
  versions: readonly number[],
  make: (version: number, times: readonly number[]) => Promise<PastDatabase>,
): void {
  for (const version of versions) {
    void test(`a full database of version ${version} is taken over whole, and goes on`, async () => {
      const old = await make(version, [AT])
      try {
        const before = await filled(old)
        const store = await old.open()
        try {
          await goesOn(store)
        } finally {
          await store.close()
        }
        for (const [table, rows] of before) await isKept(old, table, rows)
      } finally {
        await old.remove()
      }
    })
  }
}

/** Fills every table there is; resolves with what is in those that are no part of the ledger. */
async function filled(old: PastDatabase): Promise<ReadonlyMap<string, readonly OldRow[]>> {
  const tables = await old.tables()
  await fillLedger(old, tables.get('ledger') ?? new Map())
  // keys first: sessions refer to them
  const names = [...tables.keys()].filter((name) => !LEDGER.has(name))
  names.sort((a, b) => Number(b === 'api_key') - Number(a === 'api_key'))
  const kept = new Map<string, readonly OldRow[]>()
  for (const name of names) {
    for (let row = 1; row <= ROWS; row += 1) {
      const columns = [...(tables.get(name) ?? [])]
      await old.insert(
        name,
        Object.fromEntries(columns.map(([column, kind]) => [column, valueOf(column, kind, row)])),
      )
    }
    kept.set(name, await old.rows(name))
  }
  return kept
}

function valueOf(column: string, kind: string, row: number): OldValue {
  if (column === 'key_id') return `id-${row}`
  if (column === 'tenant') return 'default'
  if (column === 'json') return `{"row":${row}}`
  if (kind === 'integer') return row
  if (kind === 'real') return row + 0.25
  return kind === 'bytes' ? new Uint8Array(32).fill(row) : `${column}-${row}`
}

/** One record of every type and a decision more, the seventh erased, as this version stored them. */
async function fillLedger(old: PastDatabase, columns: ReadonlyMap<string, unknown>): Promise<void> {
  const batches: LedgerBatch[] = []
  const clock = () => AT
  const writer = createLedgerWriter({
    store: { append: (batch) => void batches.push(batch) },
    writer: 'main',
    clock,
    newId: countingIds(clock),
    randomBytes: countingBytes(),
    head: null,
    scheduler: { soon: (run) => run(), after: () => {} },
    lingerMs: 0,
  })
  for (const event of [...Object.values(SAMPLES), sampleDecision({ categories: ['health'] })]) {
    writer.append(event, { tenant: 'default' })
  }
  const head = batches.at(-1)?.head
  assert.ok(head)
  const words = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = words.get(text) ?? words.size + 1
    words.set(text, number)
    return number
  }
  await old.insert('tenant', { number: 1, name: 'default' })
  await old.insert('ledger_writer', { number: 1, name: 'main', seq: head.seq, hash: head.hash })
  const records = batches.flatMap((batch) => batch.records)
  for (const [index, { seq, type, at, id, prev, leaf, salt, payload }] of records.entries()) {
    const isErased = seq === 7 || payload === null
    const row = {
      place: 2 ** 40 + seq,
      tenant: 1,
      type: typeNumber(type),
      at,
      id: uuidBytes(id),
      salt: isErased ? null : salt,
    }
    const link = (records[index + 1]?.prev ?? head.hash).slice(0, LINK_BYTES)
    await old.insert(
      'ledger',
      columns.has('body')
        ? {
            ...row,
            link,
            ...(columns.has('leaf') ? { leaf: isErased ? leaf : null } : {}),
            body: isErased
              ? columns.has('leaf')
                ? null
                : leaf
              : encodeBody(payload, id, numberOf),
          }
        : { ...row, prev, leaf, payload: isErased ? null : payload },
    )
  }
  for (const [text, number] of words) await old.insert('ledger_word', { number, text })
}

/** The ledger holds, can be read, and is gone on with. */
async function goesOn(store: Store): Promise<void> {
  const { append } = await writerOn(store)
  const added = await append(sampleDecision())
  const report = await verifyLedger(store.ledger)
  const count = Object.keys(SAMPLES).length + 2
  assert.deepEqual([report.firstProblem, report.records, report.erased], [null, count, 1])
  const page = await store.ledger.read({ type: 'outcome' })
  assert.ok(page.ok)
  assert.deepEqual(JSON.parse(page.value.rows[0]?.payload ?? ''), SAMPLES.outcome)
  const health = await store.decisions.decisions({ category: 'health' })
  assert.ok(health.ok)
  assert.equal(health.value.rows.length, 1)
  assert.equal((await store.ledger.byId(added)).length, 1)
  assert.equal((await store.keys.byId('id-2'))?.name, 'name-2')
  assert.equal((await store.documents.get('kind-3', 'version-3'))?.json, '{"row":3}')
}

/** Every row that was there is there, with what it said in every column that there still is. */
async function isKept(old: PastDatabase, table: string, rows: readonly OldRow[]): Promise<void> {
  const now = await old.rows(table)
  assert.ok(rows.length >= ROWS, table)
  for (const row of rows) {
    const has = now.some((other) =>
      Object.entries(row).every(
        ([column, value]) => !(column in other) || textOf(other[column]) === textOf(value),
      ),
    )
    assert.ok(has, `${table}: ${JSON.stringify(row)}`)
  }
}

const textOf = (value: OldValue | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)

import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { ProblemFound } from '#ledger/chain-check.ts'
import { createCheckpointer } from '#ledger/evidence/checkpointer.ts'
import { signerOf } from '#ledger/evidence/signing.ts'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import type { Store } from '../ports.ts'
import { SEQ_SPAN, uuidText } from '../sql/ledger-row.ts'
import { decodeBody } from '../body/decode-body.ts'
import { writerOn } from './filled.ts'

export type RawValue = bigint | string | Uint8Array | null

/** The tables behind a store, for somebody who changes them past it. */
export interface RawTables {
  columns(table: string): Promise<readonly string[]>
  rows(table: string): Promise<readonly Readonly<Record<string, RawValue>>[]>
  /** Writes a value into the rows that have this key; false when the database itself refuses it. */
  set(
    table: string,
    column: string,
    key: Readonly<Record<string, RawValue>>,
    value: RawValue,
  ): Promise<boolean>
  run(sql: string): Promise<void>
}

/** What is evidence, and by which columns a row is found. What belongs to no record is of the server alone: who continues a chain. */
const TABLES = {
  ledger: {
    key: ['place', 'at'],
    columns: ['place', 'tenant', 'type', 'at', 'id', 'link', 'salt', 'body'],
  },
  ledger_word: { key: ['number'], columns: ['number', 'text'] },
  ledger_checkpoint: { key: ['number'], columns: ['number', 'body', 'signature'] },
  signing_key: { key: ['generation'], columns: ['generation', 'key', 'signature'] },
  ledger_writer: { key: ['number'], columns: ['number', 'name', 'seq', 'hash'] },
  tenant: { key: ['number'], columns: ['number', 'name'] },
} as const
const LEASE = ['fence', 'holder', 'expires_at']

/** Requests and admin changes, the first admin change erased, under a signed checkpoint. */
export async function fillEvidence(store: Store, requests: number): Promise<void> {
  const { append } = await writerOn(store)
  for (let i = 0; i < requests; i += 1) {
    await append(sampleOutcome(await append(sampleDecision({ categories: ['health'] }))))
    await append(sampleAdmin())
  }
  const signer = signerOf(new Uint8Array(32).fill(7))
  await store.evidence.addKey({ generation: 1, key: signer.key, signature: null })
  const clock = () => 1_800_000_000_000
  assert.equal((await createCheckpointer({ ...store, signer, clock }).make()).kind, 'made')
  for await (const { seq, record } of store.ledger.walk('main', 3)) {
    if (record?.type !== 'admin') continue
    return store.erasure.erase('main', [{ seq, leaf: record.leaf }])
  }
}

const problemOf = async (store: Store): Promise<ProblemFound | null> =>
  (await verifyLedger(store.ledger, { evidence: store.evidence })).firstProblem

/** Changes so many bits of every number (64: all of them, 8: one of every byte), every character of every text, every byte, one at a time; each has to be found. */
export async function everyByte(store: Store, raw: RawTables, bits: 8 | 64): Promise<number> {
  let changes = 0
  for (const [table, { key, columns }] of Object.entries(TABLES)) {
    const stored = (await raw.columns(table)).filter((name) => !LEASE.includes(name))
    assert.deepEqual(stored.toSorted(), columns.toSorted(), 'no column goes unchecked')
    const all = await raw.rows(table)
    const used = table === 'ledger_word' ? await wordsInUse(raw) : null
    const rows = all.filter((row) => used?.has(Number(row['number'])) ?? true)
    assert.ok(rows.length > 0, table)
    for (const row of rows) {
      const place = Object.fromEntries(key.map((column) => [column, row[column] ?? null]))
      for (const column of columns) {
        const value = row[column] ?? null
        for (const variant of variants(value, bits)) {
          if (!(await raw.set(table, column, place, variant))) continue
          const found = await problemOf(store)
          const where = `${table}.${column} of ${String(place[key[0]])}: ${String(variant)}`
          assert.ok(found, where)
          if (table === 'ledger' && column !== 'place')
            assert.deepEqual(named(found), of(row), where)
          // a part of the key moved the row: it is found where it is now
          const moved = column in place ? { ...place, [column]: variant } : place
          assert.ok(await raw.set(table, column, moved, value), where)
          changes += 1
        }
      }
    }
  }
  assert.equal(await problemOf(store), null)
  return changes
}

/** On a server a word gets its number behind the record that brought it up: one that no other used says nothing. */
async function wordsInUse(raw: RawTables): Promise<ReadonlySet<number>> {
  const texts = new Map<number, string>()
  for (const { number, text } of await raw.rows('ledger_word')) {
    texts.set(Number(number), String(text))
  }
  const used = new Set<number>()
  const wordOf = (number: number): string | undefined => {
    used.add(number)
    return texts.get(number)
  }
  for (const { id, salt, body } of await raw.rows('ledger')) {
    if (!(id instanceof Uint8Array) || !(body instanceof Uint8Array) || salt === null) continue
    assert.notEqual(decodeBody(body, uuidText(id), wordOf), null)
  }
  return used
}

const named = ({ writer, seq }: ProblemFound) => ({ writer, seq })
const of = (row: Readonly<Record<string, RawValue>>) => ({
  writer: 'main',
  seq: Number(row['place']) % SEQ_SPAN,
})

/** Takes rows out, puts them in twice, exchanges them; each has to be found and named. */
export async function everyOrder(store: Store, raw: RawTables): Promise<void> {
  const places = (await raw.rows('ledger'))
    .map(({ place }) => Number(place))
    .toSorted((a, b) => a - b)
  const last = places.at(-1) ?? 0
  const columns = TABLES.ledger.columns.join(', ')
  const others = columns.replace('place, ', '')
  await raw.run(`CREATE TEMP TABLE keep AS SELECT ${columns} FROM ledger`)
  const attempt = async (sql: string) => {
    await raw.run(sql)
    const found = await problemOf(store)
    await raw.run(`DELETE FROM ledger; INSERT INTO ledger (${columns}) SELECT ${columns} FROM keep`)
    assert.equal(await problemOf(store), null)
    assert.ok(found, sql)
    return { problem: found.problem, seq: found.seq }
  }
  const rows = fc.tuple(fc.constantFrom(...places), fc.constantFrom(...places))
  await fc.assert(
    fc.asyncProperty(rows, async ([a, b]) => {
      const [seq, first] = [a % SEQ_SPAN, Math.min(a, b) % SEQ_SPAN]
      assert.deepEqual(await attempt(`DELETE FROM ledger WHERE place = ${a}`), {
        problem: a === last ? 'missing-head' : 'gap',
        seq,
      })
      const again = `SELECT ${last + 1}, ${others} FROM ledger WHERE place = ${a}`
      await attempt(`INSERT INTO ledger (${columns}) ${again}`)
      if (a === b) return
      const swap = `UPDATE ledger SET place = -1 WHERE place = ${a}; UPDATE ledger SET place = ${a} WHERE place = ${b}; UPDATE ledger SET place = ${b} WHERE place = -1`
      assert.deepEqual(await attempt(swap), { problem: 'reordered', seq: first })
    }),
    { numRuns: 20 },
  )
  await raw.run('DELETE FROM ledger_writer')
  assert.ok(await problemOf(store), 'records without their writer')
}

/** Every value that differs from this one in one bit (numbers) or one character or byte, and none at all. */
function variants(value: RawValue, bits: 8 | 64): RawValue[] {
  if (value === null) return [Uint8Array.of(0), new Uint8Array(32)]
  if (typeof value === 'bigint') {
    return Array.from({ length: bits }, (_, index) =>
      BigInt.asIntN(64, value ^ (1n << BigInt((index * 64) / bits))),
    )
  }
  if (typeof value === 'string') {
    return Array.from(value, (char, i) => {
      const other = String.fromCodePoint((char.codePointAt(0) ?? 0) ^ 1)
      return value.slice(0, i) + other + value.slice(i + 1)
    })
  }
  const bytes = Array.from(value, (byte, i) =>
    Uint8Array.from(value).fill(byte ^ (1 << (i % 8)), i, i + 1),
  )
  return [...bytes, value.slice(0, -1), null]
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { ChainLost } from '#ledger/chain-lost.ts'
import { LINK_BYTES, sameBytes } from '#ledger/hash.ts'
import type { LedgerRecord } from '#ledger/event.ts'
import type { LedgerBatch } from '#ledger/ports.ts'
import { encodeBody, type NumberOfWord } from '../body/encode-body.ts'
import { placeOf, typeNumber, uuidBytes } from '../sql/ledger-row.ts'
import type { LogSync } from './log-sync.ts'
import { inTransaction } from './transaction.ts'

const INSERT = `INSERT INTO ledger (place, tenant, type, at, id, link, salt, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
const WRITER = 'SELECT number, seq, hash FROM ledger_writer WHERE name = ?'
const NEW_WRITER = `INSERT INTO ledger_writer (name, seq, hash) VALUES (?, 0, zeroblob(32))
  RETURNING number, seq, hash`
const MOVE_HEAD = 'UPDATE ledger_writer SET seq = ?, hash = ? WHERE number = ?'
const WORD = 'SELECT number FROM ledger_word WHERE text = ?'
const NEW_WORD = 'INSERT INTO ledger_word (text) VALUES (?) RETURNING number'
const TENANT = 'SELECT number FROM tenant WHERE name = ?'
const NEW_TENANT = 'INSERT INTO tenant (name) VALUES (?) RETURNING number'

/** Words whose number is remembered. */
const MAX_WORDS = 100_000

/** Appends batches in one transaction each, durable when the promise resolves; the event loop does not wait for the disk. */
export function createLedgerAppend(
  database: DatabaseSync,
  log: Pick<LogSync, 'sync'>,
): (batch: LedgerBatch) => Promise<void> {
  // Prepared at the first append, so that opening to read prepares no writes.
  let statements: Record<'insert' | 'moveHead' | 'writer', StatementSync> | null = null
  const tenants = new Map<string, number>()
  const words = new Map<string, number>()
  let isLogDoubtful = false

  const writerHead = (known: StatementSync, name: string) => {
    const row = known.get(name) ?? database.prepare(NEW_WRITER).get(name)
    const { number, seq, hash } = row ?? {}
    if (typeof number !== 'number' || typeof seq !== 'number' || !(hash instanceof Uint8Array)) {
      throw new TypeError('the head of a ledger writer cannot be read')
    }
    return { number, seq, hash }
  }

  const tenantNumber = (name: string): number => {
    const known = tenants.get(name)
    if (known !== undefined) return known
    const row = database.prepare(TENANT).get(name) ?? database.prepare(NEW_TENANT).get(name)
    const number = Number(row?.['number'])
    tenants.set(name, number)
    return number
  }

  const wordNumber = (text: string): number => {
    const known = words.get(text)
    if (known !== undefined) return known
    const row = database.prepare(WORD).get(text) ?? database.prepare(NEW_WORD).get(text)
    const number = Number(row?.['number'])
    if (words.size >= MAX_WORDS) words.clear()
    words.set(text, number)
    return number
  }

  const commit = (batch: LedgerBatch): void => {
    statements ??= {
      insert: database.prepare(INSERT),
      moveHead: database.prepare(MOVE_HEAD),
      writer: database.prepare(WRITER),
    }
    const head = writerHead(statements.writer, batch.writer)
    const fresh = batch.records.filter(({ seq }) => seq > head.seq)
    const [first] = fresh
    if (!first) return
    if (first.seq !== head.seq + 1 || !sameBytes(first.prev, head.hash)) {
      throw new ChainLost(batch.writer)
    }
    for (const [index, record] of fresh.entries()) {
      const place = placeOf(head.number, record.seq)
      // a record is followed by one that names its hash
      const hash = fresh[index + 1]?.prev ?? batch.head.hash
      const tenant = tenantNumber(record.tenant)
      statements.insert.run(place, tenant, ...columnsOf(record, hash, wordNumber))
    }
    statements.moveHead.run(batch.head.seq, batch.head.hash, head.number)
  }

  const store = (batch: LedgerBatch): void => {
    // SQLite leaves the sync of this commit to us, and of no other
    database.exec('PRAGMA synchronous = NORMAL')
    try {
      inTransaction(database, () => commit(batch))
    } catch (error) {
      // A tenant or word that was new in the failed transaction has no number any more.
      tenants.clear()
      words.clear()
      throw error
    } finally {
      database.exec('PRAGMA synchronous = FULL')
    }
  }

  return async (batch) => {
    store(batch)
    try {
      if (isLogDoubtful) checkpoint(database)
      isLogDoubtful = false
      await log.sync()
    } catch (error) {
      isLogDoubtful = true
      throw error
    }
  }
}

/** A system that failed to write may call the log clean the next time it is asked: only a copy of it can be trusted then. */
function checkpoint(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA wal_checkpoint(FULL)').get()
  if (row?.['busy'] !== 0) throw new Error('the log of the database could not be written out')
}

function columnsOf(record: LedgerRecord, hash: Uint8Array, numberOf: NumberOfWord) {
  const { type, at, id, leaf, salt, payload } = record
  const body = payload === null ? leaf : encodeBody(payload, id, numberOf)
  const link = hash.subarray(0, LINK_BYTES)
  return [typeNumber(type), at, uuidBytes(id), link, salt, body] as const
}

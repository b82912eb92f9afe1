import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { ChainLost } from '#ledger/chain-lost.ts'
import { sameBytes } from '#ledger/hash.ts'
import type { LedgerRecord } from '#ledger/event.ts'
import type { LedgerBatch } from '#ledger/ports.ts'
import { placeOf, typeNumber, uuidBytes } from '../sql/ledger-row.ts'
import type { LogSync } from './log-sync.ts'
import { inTransaction } from './transaction.ts'

const INSERT = `INSERT INTO ledger (place, tenant, type, at, id, prev, leaf, salt, payload)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
const WRITER = 'SELECT number, seq, hash FROM ledger_writer WHERE name = ?'
const NEW_WRITER = `INSERT INTO ledger_writer (name, seq, hash) VALUES (?, 0, zeroblob(32))
  RETURNING number, seq, hash`
const MOVE_HEAD = 'UPDATE ledger_writer SET seq = ?, hash = ? WHERE number = ?'
const TENANT = 'SELECT number FROM tenant WHERE name = ?'
const NEW_TENANT = 'INSERT INTO tenant (name) VALUES (?) RETURNING number'

/** Appends batches in one transaction each, durable when the promise resolves; the event loop does not wait for the disk. */
export function createLedgerAppend(
  database: DatabaseSync,
  log: Pick<LogSync, 'sync'>,
): (batch: LedgerBatch) => Promise<void> {
  // Prepared at the first append, so that opening to read prepares no writes.
  let statements: Record<'insert' | 'moveHead' | 'writer', StatementSync> | null = null
  const tenants = new Map<string, number>()
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
    for (const record of fresh) {
      const tenant = tenantNumber(record.tenant)
      statements.insert.run(placeOf(head.number, record.seq), tenant, ...columnsOf(record))
    }
    statements.moveHead.run(batch.head.seq, batch.head.hash, head.number)
  }

  const store = (batch: LedgerBatch): void => {
    // SQLite leaves the sync of this commit to us, and of no other
    database.exec('PRAGMA synchronous = NORMAL')
    try {
      inTransaction(database, () => commit(batch))
    } catch (error) {
      // A tenant that was new in the failed transaction has no number any more.
      tenants.clear()
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

function columnsOf({ type, at, id, prev, leaf, salt, payload }: LedgerRecord) {
  return [typeNumber(type), at, uuidBytes(id), prev, leaf, salt, payload] as const
}

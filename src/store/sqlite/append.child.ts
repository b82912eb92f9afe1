import { randomBytes, randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { sampleDecision } from '#ledger/samples.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { openDatabase } from './database.ts'
import { createLedgerAppend } from './ledger-append.ts'
import { openLogSync } from './log-sync.ts'

// A process that appends for ever and says which records it was told are durable.
const path = process.argv[2] ?? ''
const opened = openDatabase({ path })
if (!opened.ok) throw new Error(opened.error.code)
const append = createLedgerAppend(opened.value, openLogSync(path))
const row = opened.value.prepare('SELECT seq, hash FROM ledger_writer').get()
const { seq, hash } = row ?? { seq: 0, hash: new Uint8Array(32) }
if (typeof seq !== 'number' || !(hash instanceof Uint8Array)) throw new TypeError('no head')
const writer = createLedgerWriter({
  store: { append },
  writer: 'main',
  clock: Date.now,
  newId: randomUUID,
  randomBytes,
  head: { writer: 'main', seq, hash },
})
for (;;) {
  const receipts = Array.from({ length: 5 }, () =>
    writer.append(sampleDecision(), { tenant: 'default' }),
  )
  for (const receipt of receipts) {
    if (receipt.ok && (await receipt.value.durable).ok) writeSync(1, `${receipt.value.id}\n`)
  }
}

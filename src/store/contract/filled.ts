import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerEvent } from '#ledger/event.ts'
import { countingBytes, countingIds } from '#ledger/samples.ts'
import { createLedgerWriter, type AppendOptions, type LedgerWriter } from '#ledger/writer.ts'
import type { OpenFresh } from '../contract.ts'
import type { Store } from '../ports.ts'

/** 2024-01-01T00:00:00Z; each record is a second after the one before. */
export const START = 1_704_067_200_000

/** A test with a store of its own, closed at the end. */
export function withStore(open: OpenFresh, promise: string, body: (store: Store) => Promise<void>) {
  void test(promise, async () => {
    const store = await open()
    try {
      await body(store)
    } finally {
      await store.close()
    }
  })
}

/** A writer on a store, and an append that returns the id once the record is durable. */
export async function writerOn(store: Store, name = 'main') {
  const head = await store.ledger.head(name)
  let now = START + (head?.seq ?? 0) * 1000
  const clock = () => now
  const writer: LedgerWriter = createLedgerWriter({
    store: store.ledger,
    writer: name,
    clock,
    newId: countingIds(clock),
    randomBytes: countingBytes(),
    head,
  })
  const append = async (event: LedgerEvent, options: Partial<AppendOptions> = {}) => {
    const receipt = writer.append(event, { tenant: 'default', ...options })
    now += 1000
    assert.ok(receipt.ok)
    assert.ok((await receipt.value.durable).ok)
    return receipt.value.id
  }
  return { writer, append }
}

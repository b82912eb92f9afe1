import assert from 'node:assert/strict'
import type { LedgerBatch, LedgerQuery } from '#ledger/ports.ts'
import { hex } from '#ledger/hash.ts'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { verifyLedger } from '#ledger/verify.ts'
import type { OpenFresh } from '../contract.ts'
import type { Store } from '../ports.ts'
import { START, withStore, writerOn } from './filled.ts'

/** Records come back as they were given, in the order of their chains, and never twice. */
export function ledgerContract(open: OpenFresh): void {
  chains(open)
  repeats(open)
  queries(open)
}

function chains(open: OpenFresh): void {
  withStore(open, 'a chain verifies, and goes on after a restart of its writer', async (store) => {
    assert.equal(await store.ledger.head('main'), null)
    const first = await writerOn(store)
    for (let i = 0; i < 5; i += 1) await first.append(sampleAdmin({ subject: `key-${i}` }))
    const second = await writerOn(store)
    await second.append(sampleAdmin())
    const head = await store.ledger.head('main')
    assert.equal(head?.seq, 6)
    const report = await verifyLedger(store.ledger)
    assert.deepEqual([report.ok, report.records], [true, 6])
    assert.equal(report.heads[0]?.hash, hex(head.hash))
  })

  withStore(open, 'each writer has a chain of its own', async (store) => {
    const [a, b] = [await writerOn(store, 'a'), await writerOn(store, 'b')]
    await a.append(sampleAdmin())
    await b.append(sampleAdmin(), { tenant: 'other' })
    await a.append(sampleAdmin())
    const heads = await store.ledger.heads()
    assert.deepEqual(
      heads.map(({ writer, seq }) => [writer, seq]),
      [
        ['a', 2],
        ['b', 1],
      ],
    )
    assert.equal((await verifyLedger(store.ledger)).ok, true)
  })

  withStore(
    open,
    'a walk starts where it is asked to and gives every column back',
    async (store) => {
      const { append } = await writerOn(store)
      const wide = sampleAdmin({ subject: 'é "\u0000\u{1F600}' })
      for (let i = 0; i < 3; i += 1) await append(wide, { tenant: `tenant ${i}` })
      const seen = []
      for await (const { seq, record } of store.ledger.walk('main', 2))
        seen.push([seq, record?.seq, record?.tenant])
      assert.deepEqual(seen, [
        [2, 2, 'tenant 1'],
        [3, 3, 'tenant 2'],
      ])
      for await (const { record } of store.ledger.walk('main', 3)) {
        assert.deepEqual(
          [record?.writer, record?.type, record?.at],
          ['main', 'admin', START + 2000],
        )
        assert.deepEqual(JSON.parse(record?.payload ?? ''), wide)
      }
      for await (const row of store.ledger.walk('nobody', 1)) assert.fail(`found ${row.seq}`)
    },
  )
}

function repeats(open: OpenFresh): void {
  const captured = async (store: Store) => {
    const batches: LedgerBatch[] = []
    const ledger = { ...store.ledger, append: (batch: LedgerBatch) => void batches.push(batch) }
    const { append } = await writerOn({ ...store, ledger })
    for (let i = 0; i < 3; i += 1) await append(sampleAdmin())
    return batches
  }

  withStore(open, 'a batch repeated after a lost answer is stored once', async (store) => {
    const [first, second] = await captured(store)
    assert.ok(first && second)
    await store.ledger.append(first)
    await store.ledger.append(first)
    const both = { ...second, records: [...first.records, ...second.records] }
    await store.ledger.append(both)
    const report = await verifyLedger(store.ledger)
    assert.deepEqual([report.ok, report.records], [true, 2])
  })

  withStore(
    open,
    'a batch that does not follow the stored head is not stored at all',
    async (store) => {
      const [first, second, third] = await captured(store)
      assert.ok(first && second && third)
      await store.ledger.append(first)
      await assert.rejects(async () => store.ledger.append(third))
      const [record] = second.records
      assert.ok(record)
      const forged = { ...second, records: [{ ...record, prev: new Uint8Array(32) }] }
      await assert.rejects(async () => store.ledger.append(forged))
      assert.equal((await store.ledger.head('main'))?.seq, 1)
      await store.ledger.append(second)
      assert.equal((await verifyLedger(store.ledger)).ok, true)
    },
  )
}

function queries(open: OpenFresh): void {
  withStore(open, 'reads newest first, by every filter, page by page', async (store) => {
    const { append } = await writerOn(store)
    const health = await append(
      sampleDecision({ class: 'restricted', categories: ['personal', 'health'] }),
    )
    const refused = await append(
      sampleDecision({
        class: 'restricted',
        destination: null,
        refusal: 'no-eligible-destination',
        key: 'other',
      }),
    )
    await append(sampleOutcome(health, { destination: 'embedded' }))
    const admin = await append(sampleAdmin(), { tenant: 'other' })
    const idsBy = async (query: LedgerQuery) => {
      const page = await store.ledger.read(query)
      assert.ok(page.ok)
      return page.value.rows.map(({ id }) => id)
    }
    assert.deepEqual(await idsBy({}), [admin, refused, health, health])
    assert.deepEqual(await idsBy({ type: 'outcome' }), [health])
    assert.deepEqual(await idsBy({ class: 'restricted' }), [refused, health])
    assert.deepEqual(await idsBy({ category: 'health' }), [health])
    assert.deepEqual(await idsBy({ destination: 'embedded', type: 'decision' }), [health])
    assert.deepEqual(await idsBy({ refused: true }), [refused])
    assert.deepEqual(await idsBy({ refused: false }), [health])
    assert.deepEqual(await idsBy({ key: 'other' }), [refused])
    assert.deepEqual(await idsBy({ tenant: 'other' }), [admin])
    assert.deepEqual(await idsBy({ since: START + 1000, until: START + 3000 }), [refused])
    assert.deepEqual(await idsBy({ key: "' OR 1=1 --" }), [])
  })

  withStore(
    open,
    'pages meet without a record twice or missing, even between two of one id',
    async (store) => {
      const { append } = await writerOn(store)
      for (let i = 0; i < 4; i += 1) await append(sampleOutcome(await append(sampleDecision())))
      for (const limit of [1, 2, 3, 8]) {
        const seqs: number[] = []
        let before: string | undefined
        do {
          const page = await store.ledger.read({ limit, before })
          assert.ok(page.ok)
          assert.ok(page.value.rows.length <= limit)
          seqs.push(...page.value.rows.map(({ seq }) => seq))
          before = page.value.next ?? undefined
        } while (before !== undefined)
        assert.deepEqual(seqs, [8, 7, 6, 5, 4, 3, 2, 1], `limit ${limit}`)
      }
      const refused = await store.ledger.read({ before: 'nonsense' })
      assert.equal(refused.ok, false)
    },
  )

  withStore(open, 'finds a decision and its outcome by their id', async (store) => {
    const { append } = await writerOn(store)
    const id = await append(sampleDecision())
    await append(sampleDecision())
    await append(sampleOutcome(id))
    const found = await store.ledger.byId(id)
    assert.deepEqual(
      found.map(({ type, seq }) => [type, seq]),
      [
        ['decision', 1],
        ['outcome', 3],
      ],
    )
    assert.deepEqual(await store.ledger.byId('01890000-0000-7000-8000-00000000dead'), [])
    assert.deepEqual(await store.ledger.byId('not an id'), [])
  })
}

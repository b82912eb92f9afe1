import assert from 'node:assert/strict'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import type { OpenFresh } from '../contract.ts'
import type { Store } from '../ports.ts'
import { START, withStore, writerOn } from './filled.ts'

const pageOf = async (store: Store, query: LedgerQuery) => {
  const page = await store.decisions.decisions(query)
  assert.ok(page.ok)
  return page.value
}

/** Decisions are shown with what came of them. */
export function decisionsContract(open: OpenFresh): void {
  withStore(open, 'a decision comes with its outcome, or with none yet', async (store) => {
    const { append } = await writerOn(store)
    const done = await append(sampleDecision({ class: 'internal', findings: { EMAIL_ADDRESS: 2 } }))
    const open_ = await append(sampleDecision())
    await append(sampleOutcome(done, { status: 'failed', code: 'destination-timeout' }))
    await append(sampleAdmin())
    const { rows, next } = await pageOf(store, {})
    assert.equal(next, null)
    assert.deepEqual(
      rows.map(({ id }) => id),
      [open_, done],
    )
    assert.equal(rows[0]?.outcome, null)
    const {
      type: _type,
      v: _v,
      zones: _zones,
      ...shown
    } = sampleDecision({
      class: 'internal',
      findings: { EMAIL_ADDRESS: 2 },
    })
    const {
      inputTokens: _in,
      policy: _policy,
      catalogue: _catalogue,
      health: _health,
      ...view
    } = shown
    const outcome = {
      status: 'failed',
      code: 'destination-timeout',
      promptTokens: 12,
      completionTokens: 34,
      firstByteMs: 56,
      totalMs: 789,
    }
    assert.deepEqual(rows[1], { id: done, at: START, ...view, outcome })
  })

  withStore(open, 'decisions are filtered and paged', async (store) => {
    const { append } = await writerOn(store)
    for (let i = 0; i < 10; i += 1) {
      const id = await append(
        sampleDecision({ class: i % 2 ? 'restricted' : 'public', model: `m${i}` }),
      )
      await append(sampleOutcome(id))
    }
    const first = await pageOf(store, { class: 'restricted', limit: 3 })
    assert.deepEqual(
      first.rows.map(({ model }) => model),
      ['m9', 'm7', 'm5'],
    )
    assert.ok(first.next !== null)
    const second = await pageOf(store, { class: 'restricted', limit: 3, before: first.next })
    assert.deepEqual(
      second.rows.map(({ model }) => model),
      ['m3', 'm1'],
    )
    assert.equal(second.next, null)
    const since = await pageOf(store, { since: START + 18_000 })
    assert.deepEqual(
      since.rows.map(({ model }) => model),
      ['m9'],
    )
    assert.equal((await store.decisions.decisions({ before: "1' OR '1" })).ok, false)
  })

  withStore(
    open,
    'a page holds 50 decisions unless asked otherwise, and 500 at most',
    async (store) => {
      const { writer } = await writerOn(store)
      for (let i = 0; i < 510; i += 1) writer.append(sampleDecision(), { tenant: 'default' })
      await writer.close()
      assert.equal((await pageOf(store, {})).rows.length, 50)
      assert.equal((await pageOf(store, { limit: 100_000 })).rows.length, 500)
      assert.equal((await pageOf(store, { limit: 0 })).rows.length, 1)
    },
  )
}

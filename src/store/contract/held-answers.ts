import assert from 'node:assert/strict'
import type { SealedRow } from '#ledger/content/held-answer.ts'
import type { OpenFresh } from '../contract.ts'
import { START, withStore } from './filled.ts'

const idOf = (number: number): string => `01890000-0000-7000-8000-00000000000${number}`

const row = (number: number, more: Partial<SealedRow> = {}): SealedRow => ({
  id: idOf(number),
  tenant: 't',
  owner: 'key:a',
  caller: 'a',
  person: null,
  at: START + number,
  expiresAt: START + 1000,
  label: { class: 'confidential', categories: ['personal', 'finance'], undetermined: false },
  surface: 'openai-chat',
  destination: 'cloud',
  model: 'm',
  rule: 'answers',
  found: { secrets: 2 },
  state: 'waiting',
  reviewer: null,
  decidedAt: null,
  reason: null,
  sealed: new Uint8Array(50).fill(number),
  ...more,
})

/** Answers wait for one person's word, each in its organisation, and not for ever. */
export function heldAnswersContract(open: OpenFresh): void {
  withStore(
    open,
    'an answer comes back as it was put, with the key of its owner',
    async (store) => {
      const { heldAnswers, content } = store
      await content.ownerKey('t', 'key:a', new Uint8Array(9).fill(1))
      await heldAnswers.put(row(1))
      const found = await heldAnswers.get('t', idOf(1))
      assert.deepEqual(
        found && {
          ...found,
          sealed: Buffer.from(found.sealed),
          wrapped: Buffer.from(found.wrapped ?? []),
        },
        { ...row(1), sealed: Buffer.from(row(1).sealed), wrapped: Buffer.alloc(9, 1) },
      )
      assert.equal(await heldAnswers.get('other', idOf(1)), null)
      await content.destroyKey('t', 'key:a')
      assert.equal((await heldAnswers.get('t', idOf(1)))?.wrapped, null)
    },
  )

  withStore(open, 'of two who decide the first counts', async ({ heldAnswers }) => {
    await heldAnswers.put(row(1))
    const decision = { reviewer: 'r', decidedAt: START + 5, reason: null } as const
    assert.equal(
      await heldAnswers.decide('other', idOf(1), { ...decision, state: 'approved' }),
      false,
    )
    const sealed = new Uint8Array(7).fill(9)
    assert.equal(
      await heldAnswers.decide('t', idOf(1), { ...decision, state: 'edited', sealed }),
      true,
    )
    assert.equal(
      await heldAnswers.decide('t', idOf(1), { ...decision, state: 'refused', reason: 'x' }),
      false,
    )
    const found = await heldAnswers.get('t', idOf(1))
    assert.deepEqual(
      [found?.state, found?.reviewer, found?.decidedAt, found?.reason],
      ['edited', 'r', START + 5, null],
    )
    assert.deepEqual(Buffer.from(found?.sealed ?? []), Buffer.from(sealed))
  })

  withStore(open, 'lists are filtered, newest first, page by page', async ({ heldAnswers }) => {
    for (let number = 1; number <= 5; number++)
      await heldAnswers.put(
        row(
          number,
          number === 3
            ? { caller: 'b', label: { class: 'internal', categories: [], undetermined: false } }
            : {},
        ),
      )
    await heldAnswers.put(row(6, { tenant: 'other' }))
    const ids = async (query: object) =>
      (await heldAnswers.list({ tenant: 't', limit: 10, ...query })).map(({ id }) =>
        Number(id.at(-1)),
      )
    assert.deepEqual(await ids({}), [5, 4, 3, 2, 1])
    assert.deepEqual(await ids({ limit: 2, after: idOf(4) }), [3, 2])
    assert.deepEqual(await ids({ caller: 'b' }), [3])
    assert.deepEqual(await ids({ class: 'internal' }), [3])
    assert.deepEqual(await ids({ state: 'approved' }), [])
    assert.deepEqual(await ids({ since: START + 2, until: START + 4 }), [3, 2])
  })

  withStore(open, 'answers go with their owner, and with time', async ({ heldAnswers }) => {
    await heldAnswers.put(row(1))
    await heldAnswers.put(row(2, { owner: 'key:b', expiresAt: START + 2000 }))
    assert.equal(await heldAnswers.removeExpired(START + 1000), 1)
    assert.equal(await heldAnswers.removeOf('t', 'key:a'), 0)
    assert.equal(await heldAnswers.removeOf('t', 'key:b'), 1)
  })
}

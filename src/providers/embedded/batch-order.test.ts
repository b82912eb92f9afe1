import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BatchItem, Token } from 'node-llama-cpp'
import { ALONE, batchOrder, SHARED } from './batch-order.ts'

const item = (length: number, evaluationPriority: typeof ALONE | typeof SHARED): BatchItem => ({
  tokens: Array.from({ length }, () => 1 as Token),
  logits: [],
  evaluationPriority,
})

test('a reproducible request is never in company, and takes turns with the others', () => {
  const order = batchOrder()
  const alone = item(1, ALONE)
  const others = [item(1, SHARED), item(1, SHARED)]
  const turns = Array.from({ length: 4 }, () =>
    order({ items: [...others, alone], size: 512 }).map((chosen) => chosen.item),
  )
  for (const turn of turns) assert.ok(!turn.includes(alone) || turn.length === 1)
  assert.deepEqual(
    turns.map((turn) => turn.length),
    [1, 2, 1, 2],
  )
})

test('long prompts never keep out those who are writing, nor overfill the batch', () => {
  const order = batchOrder()
  const items = [item(400, SHARED), item(400, SHARED), item(1, SHARED), item(1, SHARED)]
  const chosen = order({ items, size: 100 })
  assert.equal(
    chosen.reduce((sum, { processAmount }) => sum + processAmount, 0),
    100,
  )
  assert.deepEqual(new Set(chosen.map((one) => one.item)), new Set(items))
})

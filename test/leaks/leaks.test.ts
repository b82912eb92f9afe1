import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangeMany } from './exchanges.ts'

// the long run is `node test/leaks/run.ts --exchanges 1000000` (docs/passage.md)
const EXCHANGES = 4000

test('no value above clearance reaches a destination, a log, the evidence, a metric, a trace, a row or a stranger', async () => {
  const report = await exchangeMany(20_261, EXCHANGES)
  assert.deepEqual(report.leaks, [])
  assert.equal(report.exchanges, EXCHANGES)
  // the witnesses had something to see
  assert.ok(report.planted > EXCHANGES / 5)
  assert.ok(report.recorded > EXCHANGES / 5)
  assert.ok(report.hits > 20)
  assert.ok(report.masked > 20)
  assert.ok(report.kept > 20)
  assert.ok(report.spoken > EXCHANGES / 5)
  assert.ok(report.turns > 100)
  for (const seen of [
    'held',
    'read',
    'decided',
    'released',
    'barred',
    'changes',
    'shadowed',
  ] as const)
    assert.ok(report[seen] > 0, seen)
  for (const sink of ['ledger', 'log', 'metrics', 'traces', 'rows', 'vault', 'held'])
    assert.ok((report.sinks[sink] ?? 0) > 0, sink)
})

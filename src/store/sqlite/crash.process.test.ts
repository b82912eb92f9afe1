import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { verifyLedger } from '#ledger/verify.ts'
import { childProcess } from './child-process.ts'
import { openStore } from './open.ts'
import { temporaryDirectory } from './temporary.ts'

const ROUNDS = 20

test('nothing acknowledged is lost when the process is killed, and the chain goes on', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.remove())
  const path = join(directory.path, 'ecluse.db')
  const acknowledged: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = childProcess('append.child.ts', path)
    const enough = acknowledged.length + 7 * (round + 1)
    await new Promise<void>((resolve) => {
      child.lines.on('line', (id) => {
        acknowledged.push(id)
        if (acknowledged.length >= enough) resolve()
      })
    })
    await child.end('SIGKILL')
  }
  const opened = openStore({ path })
  assert.ok(opened.ok)
  const { ledger } = opened.value
  const report = await verifyLedger(ledger)
  assert.deepEqual([report.ok, report.firstProblem], [true, null])
  const stored = new Set<string>()
  for await (const { record } of ledger.walk('main', 1)) if (record) stored.add(record.id)
  assert.deepEqual(
    acknowledged.filter((id) => !stored.has(id)),
    [],
  )
  assert.equal(stored.size, report.records)
  await opened.value.close()
})

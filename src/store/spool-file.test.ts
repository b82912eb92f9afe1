import assert from 'node:assert/strict'
import { appendFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openSpoolFile } from './spool-file.ts'
import { temporaryDirectory } from './sqlite/temporary.ts'

function place(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.remove())
  return join(directory.path, 'spool', 'ledger.log')
}

const linesIn = async (path: string): Promise<string[]> => {
  const file = await openSpoolFile(path)
  const lines: string[] = []
  for await (const line of file.lines()) lines.push(line)
  await file.close()
  return lines
}

test('lines come back in order after a restart, however long they are, and are private', async (t) => {
  const path = place(t)
  const file = await openSpoolFile(path)
  const long = 'é'.repeat(100_000)
  for (const line of ['a', long, 'b']) await file.append(line)
  await file.close()
  assert.deepEqual(await linesIn(path), ['a', long, 'b'])
  assert.equal(statSync(path).mode & 0o777, 0o600)
  const again = await openSpoolFile(path)
  await again.append('c')
  await again.clear()
  assert.equal(again.bytes(), 0)
  await again.append('d')
  await again.close()
  assert.deepEqual(await linesIn(path), ['d'])
})

test('a line that a crash cut off is left out, and the next one is whole', async (t) => {
  const path = place(t)
  const file = await openSpoolFile(path)
  await file.append('first')
  await file.append('second')
  await file.close()
  truncateSync(path, statSync(path).size - 3)
  const again = await openSpoolFile(path)
  await again.append('third')
  await again.close()
  assert.deepEqual(await linesIn(path), ['first', 'third'])
  truncateSync(path, 0)
  appendFileSync(path, 'no end at all')
  assert.deepEqual(await linesIn(path), [])
})

test('a spool takes no more room than it may', async (t) => {
  const file = await openSpoolFile(place(t), 10)
  await file.append('12345')
  await assert.rejects(file.append('12345'))
  await file.append('123')
  assert.equal(file.bytes(), 10)
  await file.close()
})

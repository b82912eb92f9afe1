import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { childProcess } from './child-process.ts'
import { acquireHomeLock, readHomeHolder } from './home-lock.ts'
import { temporaryDirectory } from './temporary.ts'

const me = { pid: process.pid, listen: '127.0.0.1:4141', startedAt: 1_700_000_000_000 }

function runDirectory(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.remove())
  return directory.path
}

describe('the lock of the data directory', () => {
  test('is given once, and tells the second who has it', (t) => {
    const run = runDirectory(t)
    const first = acquireHomeLock(run, me)
    assert.ok(first.ok)
    const second = acquireHomeLock(run, { ...me, listen: '127.0.0.1:4242' })
    assert.deepEqual(second, { ok: false, error: { code: 'home-held', holder: me } })
    first.value.announce({ ...me, listen: '127.0.0.1:5151' })
    assert.equal(readHomeHolder(run)?.listen, '127.0.0.1:5151')
    first.value.release()
    first.value.release()
    assert.equal(readHomeHolder(run), null)
    const third = acquireHomeLock(run, me)
    assert.ok(third.ok)
    third.value.release()
  })

  test('keeps its files private', (t) => {
    const run = runDirectory(t)
    const lock = acquireHomeLock(run, me)
    assert.ok(lock.ok)
    for (const name of ['lock.db', 'holder.json']) {
      assert.equal(statSync(join(run, name)).mode & 0o777, 0o600)
    }
    lock.value.release()
  })

  test('is held by another process until that one is killed', async (t) => {
    const run = runDirectory(t)
    const child = childProcess('hold-lock.child.ts', run)
    t.after(() => child.end('SIGKILL'))
    assert.equal(await child.nextLine(), 'held')
    const refused = acquireHomeLock(run, me)
    assert.ok(!refused.ok && refused.error.code === 'home-held')
    assert.equal(refused.error.holder?.pid, child.pid)
    assert.equal(refused.error.holder.listen, '127.0.0.1:4141')
    const rival = childProcess('hold-lock.child.ts', run)
    t.after(() => rival.end('SIGKILL'))
    assert.equal(await rival.nextLine(), 'home-held')
    await child.end('SIGKILL')
    assert.equal(readHomeHolder(run), null, 'a dead holder is not named')
    const mine = acquireHomeLock(run, me)
    assert.ok(mine.ok)
    mine.value.release()
  })

  test('survives a refused attempt in the same process', async (t) => {
    const run = runDirectory(t)
    const lock = acquireHomeLock(run, me)
    assert.ok(lock.ok)
    assert.ok(!acquireHomeLock(run, me).ok)
    const child = childProcess('hold-lock.child.ts', run)
    t.after(() => child.end('SIGKILL'))
    assert.equal(await child.nextLine(), 'home-held')
    lock.value.release()
  })

  test('believes nothing that is not a holder, and says when the directory cannot be used', (t) => {
    const run = runDirectory(t)
    for (const text of [
      '',
      '{',
      'null',
      '{"pid":"1"}',
      '{"pid":999999999,"listen":"x","startedAt":1}',
    ]) {
      writeFileSync(join(run, 'holder.json'), text)
      assert.equal(readHomeHolder(run), null)
    }
    const lost = acquireHomeLock(join(run, 'missing'), me)
    assert.ok(!lost.ok)
    assert.equal(lost.error.code, 'home-unusable')
  })
})

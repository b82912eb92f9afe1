import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openPostgres } from '#store/postgres/open.ts'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer, type TestServer } from '#store/postgres/server.fixture.ts'
import { keptIn } from './support/kept-records.ts'
import { asked, startReplicas } from './support/replicas.ts'

/** A disk of this many megabytes; null where this user may not make one. */
function smallDisk(megabytes: number): string | null {
  const place = mkdtempSync(join(tmpdir(), 'ecl-'))
  try {
    const options = `size=${megabytes}m,mode=0755`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place], { stdio: 'ignore' })
    return place
  } catch {
    rmdirSync(place)
    return null
  }
}

/** A server of the test's own with so little room. */
async function serverOn(t: TestContext, disk: string): Promise<TestServer> {
  const settings = { shared_buffers: '16MB', min_wal_size: '32MB', max_wal_size: '64MB' }
  const server = await startServer({ parent: disk, settings })
  t.after(async () => {
    await server.stop()
    execFileSync('umount', ['-l', disk])
    rmdirSync(disk)
  })
  return server
}

/** Takes all the room that is left; returns how to give it back. */
function fill(disk: string): () => void {
  const ballast = join(disk, 'ballast')
  for (const piece of [1 << 20, 4096]) {
    const block = Buffer.alloc(piece)
    try {
      while (statfsSync(disk).bavail > 0) writeFileSync(ballast, block, { flag: 'a' })
    } catch {
      // full
    }
  }
  return () => rmSync(ballast)
}

const skip = (await noServer()) ?? false

test(
  'a database whose disk is full counts as away; when there is room again nothing is lost or there twice',
  { skip },
  async (t) => {
    const disk = smallDisk(256)
    if (disk === null) return t.skip('this user may not mount a small disk')
    const server = await serverOn(t, disk)
    const { url } = await server.fresh()
    const { first, key } = await startReplicas(t, url, 1)
    const acknowledged = new Set<string>()
    const ask = async (model = 'm'): Promise<number> => {
      const answer = await asked(first.url, key, model)
      if (answer.status === 200 && answer.decision) acknowledged.add(answer.decision)
      return answer.status
    }
    for (const model of ['m', 'own']) assert.equal(await ask(model), 200)
    const makeRoom = fill(disk)
    // the segment of the log that is open has room for a while
    for (let status = 200; status !== 503;) {
      t.signal.throwIfAborted()
      const all = await Promise.all(Array.from({ length: 20 }, () => ask()))
      status = all.find((one) => one !== 200) ?? 200
    }
    for (let at = 0; at < 10; at += 1) assert.equal(await ask('own'), 200)
    makeRoom()
    for (let status = 0; status !== 200;) {
      t.signal.throwIfAborted()
      status = await ask()
    }
    first.program.child.kill('SIGTERM')
    assert.equal(await first.program.ended, 0)
    const opened = await openPostgres({ url, readOnly: true })
    assert.ok(opened.ok)
    const report = await keptIn(opened.value.ledger, acknowledged)
    await opened.value.close()
    assert.deepEqual([report.verified, report.lost, report.twice], [true, 0, 0])
  },
)

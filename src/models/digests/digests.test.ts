import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { storePaths } from '../store/store-layout.ts'
import { isMarkedChanged, reverifyBlob, stampVerified, verifyBlob } from '../store/verify-blob.ts'
import { hashPieces } from './hash-pieces.ts'
import { createPace } from './pace.ts'
import { wholeFile, type Piece } from './piece.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ecluse-digest-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

for (const [name, options] of [
  ['in this thread', { expectedBytes: 1 }],
  ['in threads', { threads: 2 }],
] as const) {
  test(`${name}: digests are those of the bytes, in the order asked, for parts and whole files`, async (t) => {
    const dir = await folder(t)
    const bytes = randomBytes(700_001)
    const path = join(dir, 'a')
    await writeFile(path, bytes)
    await writeFile(join(dir, 'empty'), '')
    const part = (start: number, end: number | null): Piece => ({ ...wholeFile(path), start, end })
    const pieces = [
      part(0, null),
      part(0, 1),
      part(262_143, 262_145),
      part(5, null),
      wholeFile(join(dir, 'empty')),
    ]
    let read = 0
    const outcomes = await hashPieces(pieces, { ...options, onBytes: (count) => (read += count) })
    assert.deepEqual(
      outcomes.map((outcome) => outcome.ok && outcome.value.hex),
      [
        bytes,
        bytes.subarray(0, 1),
        bytes.subarray(262_143, 262_145),
        bytes.subarray(5),
        Buffer.alloc(0),
      ].map(sha256),
    )
    assert.equal(read, 700_001 + 1 + 2 + 699_996)
    const [blake] = await hashPieces([{ ...wholeFile(path), algorithm: 'blake2b' }], options)
    assert.equal(blake?.ok && blake.value.hex, createHash('blake2b512').update(bytes).digest('hex'))
  })

  test(`${name}: what cannot be hashed says why`, async (t) => {
    const dir = await folder(t)
    await writeFile(join(dir, 'a'), 'abc')
    await symlink('a', join(dir, 'link'))
    const outcomes = await hashPieces(
      [
        wholeFile(join(dir, 'none')),
        wholeFile(dir),
        { ...wholeFile(join(dir, 'link')), followLink: false },
        { ...wholeFile(join(dir, 'a')), end: 4 },
      ],
      options,
    )
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error)),
      ['missing-file', 'not-a-regular-file', 'not-a-regular-file', 'file-too-short'],
    )
    const stopped = await hashPieces([wholeFile(join(dir, 'a'))], {
      ...options,
      signal: AbortSignal.abort(),
    })
    assert.deepEqual(stopped, [{ ok: false, error: 'interrupted' }])
  })
}

test('a large hole is hashed like the zeros it reads as, and an interrupt stops it', async (t) => {
  const path = join(await folder(t), 'sparse')
  const file = await open(path, 'w')
  await file.truncate(8 * 1024 * 1024 * 1024)
  await file.close()
  const stop = new AbortController()
  const hashing = hashPieces([wholeFile(path)], {
    signal: stop.signal,
    onBytes: () => stop.abort(),
  })
  assert.deepEqual(await hashing, [{ ok: false, error: 'interrupted' }])
})

test('a changed byte under the same size and time is found, and stays marked until it is right', async (t) => {
  const dir = await folder(t)
  const paths = storePaths(dir)
  const { mkdir } = await import('node:fs/promises')
  await mkdir(paths.blobs)
  const digest = sha256(Buffer.from('weights'))
  const when = new Date('2026-01-01T00:00:00Z')
  const put = async (text: string): Promise<void> => {
    await writeFile(paths.blob(digest), text)
    await utimes(paths.blob(digest), when, when)
  }
  await put('weights')
  await stampVerified(dir, digest)
  await put('weightS')
  // size and time of writing are what they were; that of the change is not
  assert.equal(await reverifyBlob(dir, digest), 'changed')
  assert.equal(await isMarkedChanged(dir, digest), true)
  assert.equal(await verifyBlob(dir, digest), 'changed')
  await put('weights')
  assert.equal(await verifyBlob(dir, digest), 'verified')
  assert.equal(await isMarkedChanged(dir, digest), false)
  await rm(paths.blob(digest))
  assert.equal(await reverifyBlob(dir, digest), 'missing')
})

void test('work at a pace takes its share of the time, however long each piece is, and no sleep of the machine is paid back', () => {
  for (const share of [0.1, 0.5, 0.9]) {
    let clock = 0
    let worked = 0
    const pace = createPace(share, () => clock)
    for (let piece = 0; piece < 5_000; piece += 1) {
      const ms = (piece % 7) / 2
      worked += ms
      clock += ms
      clock += pace()
    }
    assert.ok(Math.abs(worked / clock - share) < 0.01, `${share}: ${worked / clock}`)
  }
  let clock = 0
  const pace = createPace(0.5, () => clock)
  clock += 8 * 3_600_000
  assert.equal(pace(), 1_000)
})

void test('what is hashed at a pace has the same digest, and a stop ends the pause', async (t) => {
  const path = join(await folder(t), 'a')
  const bytes = randomBytes(12 * 1024 * 1024)
  await writeFile(path, bytes)
  const [outcome] = await hashPieces([wholeFile(path)], { share: 0.5, expectedBytes: bytes.length })
  assert.equal(outcome?.ok === true && outcome.value.hex, sha256(bytes))
  // more than any machine hashes before its first pause
  const large = join(await folder(t), 'b')
  await writeFile(large, '')
  await truncate(large, 512 * 1024 * 1024)
  const stop = new AbortController()
  const hashing = hashPieces([wholeFile(large)], { share: 0.000_001, signal: stop.signal })
  setTimeout(() => stop.abort(), 100)
  assert.deepEqual(await hashing, [{ ok: false, error: 'interrupted' }])
})

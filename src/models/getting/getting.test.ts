import assert from 'node:assert/strict'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { filesOf, readManifest, type Manifest } from '../store/manifest.ts'
import { storePaths } from '../store/store-layout.ts'
import { findGarbage, removeGarbage } from './collect-garbage.ts'
import { exportModel, importModel } from './model-bundle.ts'
import { isSafeName } from './safe-name.ts'
import { claim, claimedIn } from '../store/claim.ts'
import { lockPartial } from '../pull/partial-lock.ts'
import { removeModel } from '../store/remove-model.ts'
import { nameFiles } from './pull-set.ts'
import { codeOf, contextOf as context, folder, ports, pull, sha256, value } from './testing/get.ts'

async function inStore(t: TestContext): Promise<{ dir: string; manifest: Manifest }> {
  const [dir, from] = [await folder(t), await folder(t)]
  await writeFile(join(from, 'a.safetensors'), Buffer.alloc(1500, 'a'))
  await writeFile(join(from, 'b.txt'), 'b')
  return { dir, manifest: value(await pull(dir, `folder:${from}`, { name: 'mine' })) }
}

const BESIDE = { record: null, signature: null, publicKey: null }

void describe('bundles', () => {
  test('that cannot be written where they are to go say so', async (t) => {
    const { dir, manifest } = await inStore(t)
    for (const to of [join(dir, 'no', 'm.tar'), dir]) {
      const refused = await exportModel(manifest, to, BESIDE, context(dir))
      assert.equal(codeOf(refused), 'bundle-unwritable')
    }
  })

  test('a model comes out of a bundle as it went in', async (t) => {
    const { dir, manifest } = await inStore(t)
    const [file, other] = [join(dir, 'm.tar'), await folder(t)]
    value(await exportModel(manifest, file, BESIDE, context(dir)))
    const taken = value(await importModel(file, undefined, context(other))).manifest
    assert.deepEqual([taken.digest, taken.files], [manifest.digest, manifest.files])
    assert.deepEqual([taken.source.kind, taken.attested], ['bundle', false])
  })

  test('what a bundle says of other digests is not believed: anybody could vouch for its files by them', async (t) => {
    const { dir, manifest } = await inStore(t)
    const [file, other] = [join(dir, 'm.tar'), await folder(t)]
    const claiming = { ...manifest, aliasDigests: ['f'.repeat(64)] }
    value(await exportModel(claiming, file, BESIDE, context(dir)))
    const taken = value(await importModel(file, undefined, context(other))).manifest
    assert.deepEqual(taken.aliasDigests, [])
  })

  test('a manifest whose digest is not that of its files is none', async (t) => {
    const { dir, manifest } = await inStore(t)
    const [first, ...others] = manifest.files
    assert.ok(first)
    const path = storePaths(dir).manifest('mine')
    const changed = { ...manifest, files: [{ ...first, digest: 'f'.repeat(64) }, ...others] }
    await writeFile(path, JSON.stringify(changed))
    assert.equal(await readManifest(path), null)
  })

  test('a store that changed is not exported', async (t) => {
    const { dir, manifest } = await inStore(t)
    const [first] = filesOf(manifest)
    assert.ok(first)
    await writeFile(storePaths(dir).blob(first.digest), 'other')
    const refused = await exportModel(manifest, join(dir, 'm.tar'), BESIDE, context(dir))
    assert.equal(refused.ok ? null : refused.error.code, 'store-changed')
    assert.ok(!(await readdir(dir)).includes('m.tar'))
  })

  test('a bundle with any byte changed, cut or added is refused, and names nothing', async (t) => {
    const { dir, manifest } = await inStore(t)
    const file = join(dir, 'm.tar')
    value(await exportModel(manifest, file, BESIDE, context(dir)))
    const whole = await readFile(file)
    const spoilt = fc.oneof(
      fc.nat(whole.length - 1).map((at) => {
        const bytes = Buffer.from(whole)
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
        return bytes
      }),
      fc.nat(whole.length - 1).map((at) => whole.subarray(0, at)),
      fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((more) => Buffer.concat([whole, more])),
    )
    let at = 0
    await fc.assert(
      fc.asyncProperty(spoilt, async (bytes) => {
        const other = join(dir, `o${at++}`)
        await writeFile(file, bytes)
        const taken = await importModel(file, undefined, context(other))
        // what pads a file to a block is in no file, and what it says of its licence or name is only said
        if (!taken.ok) {
          assert.ok(
            ['bundle-malformed', 'digest-mismatch', 'invalid-name'].includes(taken.error.code),
          )
          assert.deepEqual(await readdir(storePaths(other).manifests).catch(() => []), [])
        } else assert.equal(taken.value.manifest.digest, manifest.digest)
      }),
      { numRuns: 60 },
    )
  })
})

test('garbage is what no manifest names and is not young; an unreadable manifest keeps everything', async (t) => {
  const { dir, manifest } = await inStore(t)
  const paths = storePaths(dir)
  const old = new Date(0)
  for (const name of [paths.blob('a'.repeat(64)), join(paths.partial, 'left')]) {
    await writeFile(name, 'left')
    await utimes(name, old, old)
  }
  assert.deepEqual(await findGarbage(dir, Date.now()), [], 'just written')
  const later = Date.now() + 7_200_000
  const found = await findGarbage(dir, later)
  assert.ok(found !== 'unreadable-manifest')
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['blob', 'partial'],
  )
  await removeGarbage(dir, found, later)
  assert.deepEqual(await findGarbage(dir, later), [])
  for (const { digest } of filesOf(manifest)) assert.ok(await readFile(paths.blob(digest)))
  await writeFile(paths.manifest('broken'), '{')
  assert.equal(await findGarbage(dir, later), 'unreadable-manifest')
})

test('what was garbage and has come to be used stays; what has gone is not named', async (t) => {
  const { dir, manifest } = await inStore(t)
  const paths = storePaths(dir)
  const other = Buffer.from('other')
  const digest = sha256(other)
  await writeFile(paths.blob(digest), other)
  const found = await findGarbage(dir, Date.now() + 7_200_000)
  assert.ok(found !== 'unreadable-manifest')
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['blob'],
  )
  const plan = { source: manifest.source, attested: false, aliasDigests: [], licence: null }
  const file = { path: 'other.txt', digest, bytes: other.length }
  await nameFiles('second', [file], plan, { dir, ports })
  await removeGarbage(dir, found, Date.now() + 7_200_000)
  assert.deepEqual(await readFile(paths.blob(digest)), other)
  const gone = { ...file, digest: 'a'.repeat(64) }
  await assert.rejects(nameFiles('third', [gone], plan, { dir, ports }), /store-changed/)
})

test('a manifest that cannot be read keeps the files of one that is removed', async (t) => {
  const { dir, manifest } = await inStore(t)
  const paths = storePaths(dir)
  await writeFile(paths.manifest('newer'), '{"v":2}')
  await removeModel(dir, 'mine')
  for (const { digest } of filesOf(manifest)) assert.ok(await readFile(paths.blob(digest)))
})

test('of those who find a lock of a dead process one takes it', async (t) => {
  const dir = await folder(t)
  for (let round = 0; round < 40; round++) {
    const path = join(dir, `p${round}`)
    // above what any system gives
    await writeFile(`${path}.lock`, '2147483646')
    const taken = await Promise.all(Array.from({ length: 6 }, () => lockPartial(path)))
    assert.ok(taken.filter((one) => one !== null).length <= 1)
    const again = taken.find((one) => one !== null) ?? (await lockPartial(path))
    assert.ok(again)
    await again()
  }
})

test('a safe name never leads out of its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      if (!isSafeName(name)) return
      assert.ok(join('/model', name).startsWith('/model/'))
      assert.ok(!/[\p{Cc}\\:]/u.test(name))
    }),
  )
  for (const name of ['a', 'a/b.txt', 'é.json', 'model-00001-of-00002.safetensors'])
    assert.ok(isSafeName(name), name)
})

test('a pull that takes hours keeps what it has brought or counts on, whoever collects or removes meanwhile', async (t) => {
  const [dir, from] = [await folder(t), await folder(t)]
  await writeFile(join(from, 'a.safetensors'), 'first')
  const kept = value(await pull(dir, `folder:${from}`, { name: 'first' }))
  const own = filesOf(kept)[0]?.digest ?? assert.fail()
  const other = await claim(dir, 'other', Date.now())
  await other.add(own)
  // brought by the other pull, and named by nobody yet
  const orphan = sha256(Buffer.from('orphan'))
  await writeFile(storePaths(dir).blob(orphan), 'orphan')
  assert.ok(await removeModel(dir, 'first'))
  const hour = 3_600_000
  // hours later it is still at it
  const then = Date.now() + 3 * hour
  await utimes(join(storePaths(dir).partial, 'other.claim'), then / 1000, then / 1000)
  assert.deepEqual(await findGarbage(dir, then), [])
  const digests = (await readdir(storePaths(dir).blobs)).filter((name) => !name.includes('.'))
  assert.deepEqual(digests.toSorted(), [`sha256-${orphan}`, `sha256-${own}`].toSorted())
  await other.end()
  const garbage = await findGarbage(dir, then)
  assert.ok(garbage !== 'unreadable-manifest')
  assert.deepEqual(garbage.filter(({ kind }) => kind === 'blob').length, 2)
  // one whose process is gone claims nothing
  await writeFile(
    join(storePaths(dir).partial, 'dead.claim'),
    `999999999 ${hostname()} 0\n${own}\n`,
  )
  assert.equal((await claimedIn(dir, Date.now()))?.since, null)
  await (await claim(dir, 'next', Date.now())).end()
  assert.deepEqual(await readdir(storePaths(dir).partial), [])
})

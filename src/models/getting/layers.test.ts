import assert from 'node:assert/strict'
import { readdir, readFile, rm } from 'node:fs/promises'
import { describe, test, type TestContext } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { filesOf } from '../store/manifest.ts'
import { PullError } from '../pull/pull-failure.ts'
import { storePaths } from '../store/store-layout.ts'
import { findGarbage, removeGarbage } from './collect-garbage.ts'
import { tarredFiles } from './foreign-tar.ts'
import { codeOf, folder, ports, pull, sha256, value } from './testing/get.ts'
import { registry, type TestLayer } from './testing/registry.ts'
import { pax, tar, type TestEntry } from './testing/tar.ts'

const WEIGHT = 'application/vnd.cncf.model.weight.v1'
const CONTENT = Buffer.from('weights '.repeat(3000))

const pulled = async (t: TestContext, layers: readonly TestLayer[], config?: TestLayer) => {
  const dir = await folder(t)
  const made = await registry(t, layers, config ? { config } : {})
  return { dir, made, result: await pull(dir, `oci:${made.host}/library/small`) }
}

void describe('layers that hold several files', () => {
  test('come apart into the files of the model, plain, with gzip or with zstd', async (t) => {
    const inside = tar([
      { name: './', type: '5' },
      { name: './weights/', type: '5' },
      { name: './weights/model.safetensors', content: CONTENT },
      { name: 'config.json', content: Buffer.from('{}') },
    ])
    const forms = [
      [`${WEIGHT}.tar`, inside],
      [`${WEIGHT}.tar+gzip`, gzipSync(inside)],
      [`${WEIGHT}.tar+zstd`, zstdCompressSync(inside)],
      ['application/vnd.kitops.modelkit.model.v1.tar+gzip', gzipSync(inside)],
      ['application/vnd.docker.ai.dir.tar', inside],
    ] as const
    for (const [type, bytes] of forms) {
      const { dir, made, result } = await pulled(t, [[type, bytes]])
      const manifest = value(result)
      assert.deepEqual(
        filesOf(manifest).map(({ path, digest }) => [path, digest]),
        [
          ['weights/model.safetensors', sha256(CONTENT)],
          ['config.json', sha256(Buffer.from('{}'))],
        ],
        type,
      )
      assert.deepEqual(await readFile(storePaths(dir).blob(sha256(CONTENT))), CONTENT)
      // the archive itself is not kept, and not fetched again
      assert.ok(!(await readdir(storePaths(dir).blobs)).includes(`sha256-${sha256(bytes)}`))
      assert.deepEqual(await readdir(storePaths(dir).partial), [])
      const before = made.seen.length
      value(await pull(dir, `oci:${made.host}/library/small`, { name: 'again' }))
      assert.ok(!made.seen.slice(before).some((line) => line.includes('/blobs/')))
      await rm(storePaths(dir).blob(sha256(CONTENT)))
      value(await pull(dir, `oci:${made.host}/library/small`, { name: 'third' }))
      assert.deepEqual(await readFile(storePaths(dir).blob(sha256(CONTENT))), CONTENT)
    }
  })

  test('one file may be compressed by itself', async (t) => {
    const { result } = await pulled(t, [
      [`${WEIGHT}.raw+gzip`, gzipSync(CONTENT), { 'org.cncf.model.filepath': 'a.safetensors' }],
    ])
    assert.equal(value(result).digest, sha256(CONTENT))
  })

  test('a note of what came out goes when its files go', async (t) => {
    const { dir, result } = await pulled(t, [
      [`${WEIGHT}.tar`, tar([{ name: 'm.safetensors', content: CONTENT }])],
    ])
    const later = Date.now() + 7_200_000
    assert.deepEqual(await findGarbage(dir, later), [])
    await rm(storePaths(dir).manifest(value(result).name))
    const found = await findGarbage(dir, later)
    assert.ok(found !== 'unreadable-manifest')
    assert.deepEqual(
      found.map(({ path }) => path.split('/')[0]),
      ['blobs', 'blobs', 'unpacked'],
    )
    await removeGarbage(dir, found, later)
    assert.deepEqual(await findGarbage(dir, later), [])
  })

  test('hostile archives are refused, say why, and leave nothing behind', async (t) => {
    const file = (name: string): TestEntry => ({ name, content: Buffer.from('x') })
    const cases: readonly (readonly [string, readonly TestEntry[]])[] = [
      ['unsafe-name', [file('../up')]],
      ['unsafe-name', [file('/etc/passwd')]],
      ['unsafe-name', [file('a/../../b')]],
      ['unsafe-name', [file('nul.txt')]],
      ['unsafe-name', [file('a\u202eb')]],
      ['unsafe-name', [pax({ path: 'a\0b' }), file('a')]],
      ['unsafe-name', [{ ...file('b'), prefix: '../a' }]],
      [
        'unsafe-name',
        [{ name: '././@LongLink', type: 'L', content: Buffer.from('../x\0') }, file('a')],
      ],
      ['name-twice', [file('a'), file('a')]],
      ['name-twice', [file('Model'), file('model')]],
      ['link', [{ name: 'a', type: '2' }]],
      ['link', [{ name: 'a', type: '1' }]],
      ['device', [{ name: 'a', type: '3' }]],
      ['device', [{ name: 'a', type: '6' }]],
      ['sparse-file', [{ name: 'a', type: 'S', content: Buffer.alloc(512) }]],
      ['sparse-file', [pax({ 'GNU.sparse.major': '1' }), file('a')]],
      ['unknown-entry', [{ name: 'a', type: 'V' }]],
      ['unknown-entry', [pax({ path: 'b' }, 'g'), file('a')]],
      ['too-large', [{ ...file('a'), size: 8 ** 11 - 1 }]],
      ['malformed', [{ ...file('a'), size: 1800 }]],
      ['malformed', [{ name: 'a', type: 'x', content: Buffer.from('99 path=a\n') }]],
    ]
    for (const [reason, entries] of cases) {
      const { dir, result } = await pulled(t, [[`${WEIGHT}.tar`, tar(entries)]])
      assert.deepEqual(
        result.ok ? 'pulled' : [result.error.code, result.error.detail?.['reason']],
        ['archive-refused', reason],
        JSON.stringify(entries.map(({ name, type }) => [name, type])),
      )
      assert.deepEqual(await readdir(storePaths(dir).manifests), [])
      assert.deepEqual(await readdir(storePaths(dir).partial), [])
    }
  })

  test('a bomb is refused before it fills the disk', async (t) => {
    const zeros = Buffer.alloc(80 * 1024 * 1024)
    for (const packed of [
      gzipSync(tar([{ name: 'a.safetensors', content: zeros }]), { level: 9 }),
      zstdCompressSync(tar([{ name: 'a.safetensors', content: zeros }])),
    ]) {
      const type = packed.readUInt16BE(0) === 0x1f_8b ? 'gzip' : 'zstd'
      const { dir, result } = await pulled(t, [[`${WEIGHT}.tar+${type}`, packed]])
      assert.equal(result.ok ? 0 : result.error.detail?.['reason'], 'too-large')
      const raw = await pulled(t, [[`${WEIGHT}.raw+${type}`, packed]])
      assert.equal(raw.result.ok ? 0 : raw.result.error.detail?.['reason'], 'too-large')
      assert.deepEqual(await readdir(storePaths(dir).partial), [])
    }
    const dir = await folder(t)
    const { host } = await registry(t, [
      [`${WEIGHT}.tar`, tar([{ name: 'a.safetensors', content: CONTENT }])],
    ])
    let asked = 0
    const filling = { ...ports, freeBytes: async () => (asked++ === 0 ? 1e12 : 1000) }
    const refused = await pull(dir, `oci:${host}/library/small`, {}, filling)
    assert.equal(codeOf(refused), 'disk-full')
    assert.deepEqual(await readdir(storePaths(dir).blobs), [])
  })

  test('what is no gzip, or ends early, is refused', async (t) => {
    const whole = gzipSync(tar([{ name: 'a.safetensors', content: CONTENT }]))
    for (const bytes of [Buffer.from('no gzip'), whole.subarray(0, 50)]) {
      const { result } = await pulled(t, [[`${WEIGHT}.tar+gzip`, bytes]])
      assert.equal(result.ok ? 0 : result.error.detail?.['reason'], 'malformed')
    }
    const { result } = await pulled(t, [[`${WEIGHT}.tar+lzma`, whole]])
    assert.equal(codeOf(result), 'layer-unsupported')
  })

  test('files of two layers under one name are told apart or refused', async (t) => {
    const one = tar([{ name: 'm.safetensors', content: CONTENT }])
    const same = tar([
      { name: 'm.safetensors', content: CONTENT },
      { name: 'b', content: Buffer.from('b') },
    ])
    const other = tar([{ name: 'M.safetensors', content: Buffer.from('other') }])
    const both = await pulled(t, [
      [`${WEIGHT}.tar`, one],
      [`${WEIGHT}.tar`, same],
    ])
    assert.equal(filesOf(value(both.result)).length, 2)
    const clash = await pulled(t, [
      [`${WEIGHT}.tar`, one],
      [`${WEIGHT}.tar`, other],
    ])
    assert.equal(codeOf(clash.result), 'names-clash')
  })

  test('any bytes are read or refused, in whatever pieces they come', async () => {
    const good = tar([
      pax({ path: 'long/name.safetensors', size: '700' }),
      { name: 'short', content: CONTENT.subarray(0, 700) },
      { name: 'b', content: Buffer.from('b') },
    ])
    const readAll = async (bytes: Uint8Array, piece: number): Promise<string> => {
      const found: string[] = []
      try {
        const pieces = (function* () {
          for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
        })()
        const stream = (async function* () {
          yield* pieces
        })()
        for await (const one of tarredFiles(stream)) {
          const parts: Uint8Array[] = []
          for await (const part of one.body) parts.push(part)
          found.push(`${one.path} ${sha256(Buffer.concat(parts))}`)
        }
      } catch (error) {
        assert.ok(error instanceof PullError)
        found.push(String(error.failure.detail?.['reason']))
      }
      return found.join('\n')
    }
    assert.match(await readAll(good, good.length), /^long\/name\.safetensors .*\nb /)
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(changes, fc.integer({ min: 1, max: 1500 }), async (changed, piece) => {
        const bytes = Uint8Array.from(good)
        for (const [at, byte] of changed) bytes[at] = byte
        assert.equal(await readAll(bytes, piece), await readAll(bytes, bytes.length))
      }),
      { numRuns: 300 },
    )
  })
})

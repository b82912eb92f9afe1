import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { LIMITS } from './budget.ts'
import type { ByteSource } from './bytes/byte-source.ts'
import { nodeTree } from './node-tree.ts'
import { scanFile } from './scan-file.ts'
import { scanTree } from './scan-tree.ts'
import { payload, u64 } from './testing/build-pickle.ts'
import { safetensors } from './testing/build-weights.ts'
import { CORPUS } from './testing/corpus.ts'
import type { Tree } from './tree.ts'
import type { ScanReport } from './verdict.ts'

const GIB = 1024 ** 3

function newFolder(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'scan-edges-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  return root
}

const scan = (path: string): ScanReport => {
  const tree = nodeTree(path)
  assert.ok(tree)
  return scanTree({ root: path, tree })
}
const rulesOf = (report: ScanReport): readonly string[] =>
  report.files.flatMap(({ findings }) => findings.map(({ rule }) => rule))

/** A file that begins so, and is as long as this without taking room. */
function sparse(folder: string, name: string, head: Buffer, size: number): string {
  const path = join(folder, name)
  writeFileSync(path, head)
  truncateSync(path, size)
  return path
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

suite('files that claim a lot, or are large', () => {
  const claims: readonly (readonly [string, Buffer])[] = [
    ['header-of-4-gb.safetensors', Buffer.concat([u64(4 * GIB), Buffer.from('{')])],
    ['keys.gguf', Buffer.concat([Buffer.from('GGUF'), u32(3), u64(1), u64(2 ** 32)])],
    [
      'text-of-4-gb.gguf',
      Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(1), u64(4 * GIB), Buffer.from('a')]),
    ],
    [
      'list-of-4-g.gguf',
      Buffer.concat([
        Buffer.from('GGUF'),
        u32(3),
        u64(0),
        u64(1),
        u64(1),
        Buffer.from('a'),
        u32(9),
        u32(4),
        u64(4 * GIB),
      ]),
    ],
    ['header.npy', Buffer.concat([Buffer.from('934e554d50590200', 'hex'), u32(0xffffffff)])],
    [
      'bytes-of-4-gb.pkl',
      Buffer.concat([Buffer.from('8004', 'hex'), Buffer.from('B'), u32(0xffffffff)]),
    ],
    ['frame.pkl', Buffer.concat([Buffer.from('800495', 'hex'), u64(8 * GIB)])],
    ['field-of-4-gb.onnx', Buffer.from('0803120131fa01ffffffff0f', 'hex')],
    [
      'heap.h5',
      Buffer.concat([
        Buffer.from('894844460d0a1a0a', 'hex'),
        Buffer.alloc(5),
        Buffer.from('0808', 'hex'),
      ]),
    ],
  ]
  for (const [name, head] of claims) {
    test(`${name}: little is read, and it is not clean`, (t) => {
      const report = scan(sparse(newFolder(t), name, head, 10 * GIB))
      assert.notEqual(report.verdict, 'clean')
      assert.ok(report.bytesRead <= 2 * GIB, String(report.bytesRead))
    })
  }

  for (const name of [
    'x.bin',
    'x.pt',
    'x.pkl',
    'x.onnx',
    'x.pb',
    'x.gguf',
    'x.safetensors',
    'x.npy',
    'x.zip',
    'x.tar',
    'x.json',
    'x.keras',
    'x',
  ]) {
    test(`40 GB of nothing as ${name} is not analysed or forbidden, after a few megabytes`, (t) => {
      const report = scan(sparse(newFolder(t), name, Buffer.alloc(0), 40 * GIB))
      assert.notEqual(report.verdict, 'clean')
      assert.ok(report.bytesRead < 0.25 * GIB, String(report.bytesRead))
    })
  }

  test('a pickle of 2 GB ends with its steps, and an attack before that is told', () => {
    const attack = payload(2).subarray(0, -1)
    // puts a None, takes it away, again and again
    const pair = Buffer.from('4e30', 'hex')
    const repeated: ByteSource = {
      size: 2 * GIB,
      read(offset, length) {
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, 2 * GIB - offset)))
        bytes.fill(pair)
        if ((offset - attack.length) % 2 !== 0) bytes.fill(Buffer.from('304e', 'hex'))
        if (offset < attack.length) attack.copy(bytes, 0, offset)
        return bytes
      },
    }
    const limits = { ...LIMITS, steps: 3_000_000 }
    const { report, bytesRead } = scanFile({ path: 'x.pkl', source: repeated, limits })
    const rules = report.findings.map(({ rule }) => rule)
    assert.ok(
      rules.includes('pickle-dangerous-global') && rules.includes('limit-reached'),
      rules.join(),
    )
    assert.ok(bytesRead < 64 * 1024 ** 2)
  })

  test('thousands of shards with their index are all judged', (t) => {
    const root = newFolder(t)
    const shard = safetensors([['w', [1]]])
    const names = Array.from(
      { length: 3000 },
      (_, at) => `model-${String(at + 1).padStart(5, '0')}-of-03000.safetensors`,
    )
    for (const name of names) writeFileSync(join(root, name), shard)
    const weight_map = Object.fromEntries(names.map((name, at) => [`w${at}`, name]))
    const index = join(root, 'model.safetensors.index.json')
    writeFileSync(index, JSON.stringify({ metadata: {}, weight_map }))
    const report = scan(root)
    assert.deepEqual([report.verdict, report.servable, report.files.length], ['clean', true, 3001])
    rmSync(join(root, names[1234] ?? ''))
    assert.deepEqual(rulesOf(scan(root)), ['index-shard-missing'])
  })
})

suite('what is no file, or stops being one', () => {
  test('sockets and devices are not opened, by their name or through a link', async (t) => {
    const root = newFolder(t)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(root, 'socket.bin'), resolve))
    t.after(() => server.close())
    symlinkSync('/dev/zero', join(root, 'zero.bin'))
    symlinkSync('/dev/tty', join(root, 'terminal.gguf'))
    symlinkSync('loop.pkl', join(root, 'loop.pkl'))
    symlinkSync('socket.bin', join(root, 'through.bin'))
    const report = scan(root)
    assert.deepEqual(rulesOf(report).toSorted(), [
      'dangling-link',
      'special-file',
      'special-file',
      'special-file',
      'special-file',
    ])
    assert.equal(report.bytesRead, 0)
    // asked for by name
    assert.equal(scan(join(root, 'zero.bin')).verdict, 'not-analysed')
  })

  test(
    'what may not be read is told, and never taken for clean',
    { skip: process.getuid?.() === 0 },
    (t) => {
      const root = newFolder(t)
      writeFileSync(join(root, 'a.safetensors'), safetensors([['w', [1]]]))
      chmodSync(join(root, 'a.safetensors'), 0)
      mkdirSync(join(root, 'closed'), { mode: 0 })
      t.after(() => chmodSync(join(root, 'closed'), 0o700))
      assert.deepEqual(rulesOf(scan(root)), ['cannot-be-read', 'cannot-be-read'])
    },
  )

  test('a name that is not UTF-8 is not analysed', (t) => {
    const root = newFolder(t)
    const name = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff, 0x62])])
    writeFileSync(name, safetensors([['w', [1]]]))
    const report = scan(root)
    assert.deepEqual([report.verdict, rulesOf(report)], ['not-analysed', ['cannot-be-read']])
  })

  const PARTS = ['.safetensors', '.gguf', '.pkl', '.zip', '.h5', '.onnx', '.npy', '.json']
  for (const part of PARTS) {
    const sample =
      CORPUS.find(
        ({ name, rule, bytes }) => rule === null && name.endsWith(part) && bytes.length > 24,
      ) ?? CORPUS.find(({ name }) => name.endsWith(part))
    test(`${part}: cut while it is read, or written to and dated back, it is not clean`, (t) => {
      assert.ok(sample)
      for (const spoil of ['cut', 'written'] as const) {
        const root = newFolder(t)
        const path = join(root, basename(sample.name))
        writeFileSync(path, sample.bytes)
        const { atime, mtime } = statSync(path)
        const tree = nodeTree(root)
        assert.ok(tree)
        const changing: Tree = {
          ...tree,
          open(name) {
            const file = tree.open(name)
            if (spoil === 'cut') truncateSync(path, sample.bytes.length >> 1)
            else {
              appendFileSync(path, 'x')
              truncateSync(path, sample.bytes.length)
            }
            utimesSync(path, atime, mtime)
            return file
          },
        }
        const report = scanTree({ root, tree: changing })
        assert.notEqual(report.verdict, 'clean', spoil)
        assert.ok(rulesOf(report).includes('changed-while-scanned'), spoil)
      }
    })
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LIMITS } from './budget.ts'
import { inMemory } from './bytes/byte-source.ts'
import { scanFile } from './scan-file.ts'
import { bytes, global, payload, proto, short, STOP, text, u64 } from './testing/build-pickle.ts'
import { gguf, safetensors, textValue } from './testing/build-weights.ts'
import { SLOW } from './testing/corpus-templates.ts'
import { CORPUS } from './testing/corpus.ts'
import { drawFrom, mutate } from './testing/mutate.ts'
import type { Verdict } from './verdict.ts'

const scan = (name: string, content: Buffer): Verdict =>
  scanFile({ path: name, source: inMemory(content), limits: { ...LIMITS, steps: 5_000_000 } })
    .report.verdict

const SMALL = CORPUS.filter((sample) => sample.bytes.length < 20_000)

test('no file, however spoilt, makes the scanner throw', () => {
  fc.assert(
    fc.property(
      fc.nat(SMALL.length - 1),
      fc.nat(SMALL.length - 1),
      fc.nat(),
      fc.integer({ min: 1, max: 6 }),
      (first, second, seed, times) => {
        const sample = SMALL[first]!
        const draw = drawFrom(seed)
        let content = sample.bytes
        for (let index = 0; index < times; index++)
          content = mutate(content, SMALL[second]!.bytes, draw)
        assert.ok(['clean', 'forbidden', 'not-analysed'].includes(scan(sample.name, content)))
      },
    ),
    { numRuns: 4000 },
  )
})

test('no run of bytes under any name makes the scanner throw', () => {
  const names = fc.constantFrom(
    'x.safetensors',
    'x.gguf',
    'x.pkl',
    'x.pt',
    'x.onnx',
    'x.h5',
    'x.npy',
    'x.tflite',
    'saved_model.pb',
    'x.jinja',
    'config.json',
    'x.keras',
    'x',
  )
  fc.assert(
    fc.property(names, fc.uint8Array({ maxLength: 600 }), (name, content) => {
      scan(name, Buffer.from(content))
    }),
    { numRuns: 3000 },
  )
})

const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 })
const layout = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), shape), {
  minLength: 1,
  maxLength: 6,
  selector: ([name]) => name,
})

/** The rules again, said in the plainest way: what JSON.parse makes of the header must cover the buffer. */
function isSound(file: Buffer): boolean {
  const length = Number(file.readBigUInt64LE(0))
  if (length > file.length - 8) return false
  const header: unknown = JSON.parse(file.toString('utf8', 8, 8 + length))
  if (typeof header !== 'object' || header === null) return false
  const spans = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(
      ([, entry]: [string, { dtype: string; shape: number[]; data_offsets: [number, number] }]) => {
        const bits: Record<string, number> = {
          F32: 32,
          F64: 64,
          I32: 32,
          U32: 32,
          I64: 64,
          F16: 16,
          U8: 8,
          I8: 8,
          BF16: 16,
          F8_E5M2: 8,
          F4: 4,
          U64: 64,
          C64: 64,
          I16: 16,
          U16: 16,
        }
        const size = entry.shape.reduce(
          (product, each) => product * each,
          (bits[entry.dtype] ?? Number.NaN) / 8,
        )
        return size === entry.data_offsets[1] - entry.data_offsets[0]
          ? entry.data_offsets
          : [Number.NaN, Number.NaN]
      },
    )
    .toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)
  let at = 0
  for (const [begin, end] of spans) {
    if (begin !== at || end === undefined || end < begin) return false
    at = end
  }
  return at === file.length - 8 - length
}

test('a safetensors file with one byte changed is clean only if it still keeps every rule', () => {
  fc.assert(
    fc.property(layout, fc.nat(), fc.integer({ min: 0x20, max: 0x7e }), (tensors, where, byte) => {
      const file = safetensors(tensors)
      const header = Number(file.readBigUInt64LE(0)) + 8
      file[where % header] = byte
      const verdict = scan('x.safetensors', file)
      if (verdict === 'clean') assert.ok(isSound(file))
    }),
    { numRuns: 5000 },
  )
})

test('a safetensors file cut short or made longer is never clean', () => {
  fc.assert(
    fc.property(layout, fc.nat(), fc.boolean(), (tensors, where, longer) => {
      const file = safetensors(tensors)
      const cut = file.subarray(0, where % file.length)
      const spoilt = longer ? Buffer.concat([file, Buffer.alloc(1 + (where % 40))]) : cut
      assert.equal(scan('x.safetensors', spoilt) === 'clean', false)
    }),
    { numRuns: 1500 },
  )
})

test('a GGUF cut short anywhere is never clean', () => {
  const file = gguf(
    [
      ['general.architecture', textValue('llama')],
      ['tokenizer.chat_template', textValue('{{ messages }}')],
    ],
    [
      { name: 'a', shape: [8, 4] },
      { name: 'b', shape: [32] },
    ],
  )
  assert.equal(scan('x.gguf', file), 'clean')
  for (let length = 0; length < file.length; length++) {
    assert.notEqual(scan('x.gguf', file.subarray(0, length)), 'clean', `cut at ${length}`)
  }
})

test('a GGUF whose counts, lengths or offsets are changed never reaches beyond its end and stays clean', () => {
  const make = (size: number): Buffer =>
    gguf([['general.architecture', textValue('llama')]], [{ name: 'a', shape: [size] }])
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (size) => {
      const file = make(8)
      const at = file.indexOf(u64(8n), file.indexOf('a\u0001\u0000\u0000\u0000', 60, 'latin1') + 5)
      u64(size).copy(file, at)
      assert.equal(scan('x.gguf', file) === 'clean', size > 0n && size <= 8n)
    }),
    { numRuns: 1000 },
  )
})

/** Pieces of pickles that leave the stack one higher, whatever was on it. */
const piece = fc.oneof(
  fc.constantFrom(
    bytes('N'),
    bytes('}'),
    bytes(']'),
    bytes(')'),
    bytes(0x88),
    bytes('K', 7),
    bytes('J', 1, 2, 3, 4),
    bytes('I12\n'),
    bytes('F1.5\n'),
  ),
  fc.stringMatching(/^[a-z.]{0,20}$/).map((value) => text(value)),
  fc.stringMatching(/^[a-z.]{0,20}$/).map((value) => short(value)),
  fc.uint8Array({ maxLength: 20 }).map((value) => bytes('C', value.length, Buffer.from(value))),
  fc.constantFrom(
    bytes('(K', 1, 'K', 2, 't'),
    bytes('(', text('a'), 'K', 1, 'd'),
    bytes(global('collections', 'OrderedDict'), ')R'),
  ),
  fc.integer({ min: 0, max: 255 }).map((key) => bytes('Nq', key)),
)
const attack = fc.constantFrom(
  bytes(global('os', 'system'), text('true'), 0x85, 'R'),
  bytes(short('os'), short('system'), 0x93, short('true'), 0x85, 'R'),
  bytes("(S'true'\nios\nsystem\n"),
  bytes(
    text('os'),
    'q',
    200,
    '0',
    text('system'),
    'q',
    201,
    '0h',
    200,
    'h',
    201,
    0x93,
    text('true'),
    0x85,
    'R',
  ),
  bytes(0x82, 9, text('true'), 0x85, 'R'),
)

test('an attack is found wherever it stands in a pickle, whatever stands before and after', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      attack,
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom(STOP, '', '\u00ff'),
      fc.integer({ min: 2, max: 5 }),
      (before, evil, after, end, version) => {
        const content = bytes(proto(version), ...before, evil, ...after, end)
        assert.equal(scan('x.pkl', content), 'forbidden')
        assert.equal(scan('weights', content), 'forbidden')
      },
    ),
    { numRuns: 1500 },
  )
})

test('pickles of plain values are clean', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.integer({ min: 2, max: 5 }),
      (pieces, version) => {
        assert.equal(scan('x.pkl', bytes(proto(version), ...pieces, 'N', STOP)), 'clean')
      },
    ),
    { numRuns: 1500 },
  )
})

test('templates that are slow to parse elsewhere come to an end', () => {
  for (const template of SLOW) scan('x.jinja', Buffer.from(template))
})

test('what cannot be finished within the limits is not analysed, and an attack before that is still told', () => {
  const many = bytes(proto(2), Buffer.alloc(1000, 'N'), STOP)
  const limits = { ...LIMITS, steps: 500 }
  const run = (content: Buffer) =>
    scanFile({ path: 'x.pkl', source: inMemory(content), limits }).report
  assert.equal(run(many).verdict, 'not-analysed')
  assert.deepEqual(
    run(many).findings.map(({ rule }) => rule),
    ['limit-reached'],
  )
  const evil = bytes(proto(2), global('os', 'system'), Buffer.alloc(1000, 'N'), STOP)
  assert.equal(run(evil).verdict, 'forbidden')
  assert.equal(
    scanFile({ path: 'x', source: inMemory(payload(2)), limits: { ...LIMITS, bytes: 10 } }).report
      .verdict,
    'not-analysed',
  )
})

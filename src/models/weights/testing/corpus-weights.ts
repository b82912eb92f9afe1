import type { RuleCode } from '../rules.ts'
import { bytes, payload, u32, u64 } from './build-pickle.ts'
import {
  gguf,
  ggufText,
  safetensors,
  safetensorsOf,
  textValue,
  u32Value,
  type GgufParts,
  type GgufTensor,
} from './build-weights.ts'
import type { Sample } from './corpus.ts'

const tensors = (name: string, rule: RuleCode, header: string | Buffer, data = 16): Sample => ({
  name: `${name}.safetensors`,
  bytes: safetensorsOf(header, Buffer.alloc(data)),
  rule,
})
const entry = (shape: string, offsets: string, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`

const SAFETENSORS: readonly Sample[] = [
  {
    name: 'length-beyond.safetensors',
    bytes: safetensorsOf('{}', Buffer.alloc(0), 10_000n),
    rule: 'safetensors-header-length',
  },
  {
    name: 'length-of-4gb.safetensors',
    bytes: bytes(u64(4n << 30n), '{"a":', Buffer.alloc(64)),
    rule: 'content-mismatch',
  },
  { name: 'length-overflow.safetensors', bytes: bytes(u64(-1n), '{}'), rule: 'content-mismatch' },
  {
    name: 'no-brace.safetensors',
    bytes: safetensorsOf('[1]', Buffer.alloc(0)),
    rule: 'content-mismatch',
  },
  tensors('not-utf8', 'safetensors-header-utf8', bytes('{"a', 0xff, '":1}')),
  tensors('not-json', 'safetensors-header-json', '{"a":}'),
  tensors('trailing-comma', 'safetensors-header-json', `{"a":${entry('[4]', '[0,16]')},}`),
  tensors('two-values', 'safetensors-header-json', `{"a":${entry('[4]', '[0,16]')}}{}`),
  tensors('deep', 'safetensors-header-json', `{"a":${'['.repeat(100_000)}`),
  tensors(
    'twice',
    'safetensors-duplicate-key',
    `{"a":${entry('[4]', '[0,16]')},"a":${entry('[4]', '[0,16]')}}`,
  ),
  tensors(
    'field-twice',
    'safetensors-duplicate-key',
    '{"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}',
  ),
  tensors(
    'escaped-twice',
    'safetensors-duplicate-key',
    `{"a":${entry('[4]', '[0,16]')},"\\u0061":${entry('[4]', '[0,16]')}}`,
  ),
  tensors(
    'metadata-number',
    'safetensors-metadata-type',
    `{"__metadata__":{"a":1},"a":${entry('[4]', '[0,16]')}}`,
  ),
  tensors(
    'metadata-list',
    'safetensors-metadata-type',
    `{"__metadata__":[],"a":${entry('[4]', '[0,16]')}}`,
  ),
  tensors(
    'metadata-pickle',
    'safetensors-metadata-payload',
    `{"__metadata__":{"a":"${payload(4).toString('base64')}"},"a":${entry('[4]', '[0,16]')}}`,
  ),
  tensors('no-dtype', 'safetensors-entry', '{"a":{"shape":[4],"data_offsets":[0,16]}}'),
  tensors('one-offset', 'safetensors-entry', `{"a":${entry('[4]', '[16]')}}`),
  tensors('negative', 'safetensors-entry', `{"a":${entry('[4]', '[-16,0]')}}`),
  tensors('fraction', 'safetensors-entry', `{"a":${entry('[4.0]', '[0,16]')}}`),
  tensors('exponent', 'safetensors-entry', `{"a":${entry('[4]', '[0,1.6e1]')}}`),
  tensors(
    'further-field',
    'safetensors-entry',
    '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"x":1}}',
  ),
  tensors('text-shape', 'safetensors-entry', `{"a":${entry('"4"', '[0,16]')}}`),
  tensors('dtype', 'safetensors-dtype', `{"a":${entry('[4]', '[0,16]', 'F31')}}`),
  tensors('size', 'safetensors-size', `{"a":${entry('[5]', '[0,16]')}}`),
  tensors(
    'shape-overflow',
    'safetensors-size',
    `{"a":${entry('[4294967296,4294967296,4]', '[0,16]')}}`,
  ),
  tensors('beyond', 'safetensors-extent', `{"a":${entry('[8]', '[0,32]')}}`),
  tensors('backwards', 'safetensors-extent', `{"a":${entry('[4]', '[16,0]')}}`),
  tensors(
    'overlap',
    'safetensors-overlap',
    `{"a":${entry('[4]', '[0,16]')},"b":${entry('[2]', '[8,16]')}}`,
  ),
  tensors(
    'hole',
    'safetensors-hole',
    `{"a":${entry('[1]', '[0,4]')},"b":${entry('[2]', '[8,16]')}}`,
  ),
  tensors('trailing', 'safetensors-trailing', `{"a":${entry('[4]', '[0,16]')}}`, 20),
  tensors('only-trailing', 'safetensors-trailing', '{}', 20),
  { name: 'pickle-inside.safetensors', bytes: payload(2), rule: 'content-mismatch' },
  { name: 'safetensors-as.gguf', bytes: safetensors([['w', [4]]]), rule: 'content-mismatch' },
  {
    name: 'cut.safetensors',
    bytes: safetensors([['w', [64]]]).subarray(0, -100),
    rule: 'safetensors-extent',
  },
]

const llama = ['general.architecture', textValue('llama')] as const
const one: GgufTensor = { name: 'w', shape: [8] }
const g = (
  name: string,
  rule: RuleCode,
  keys: Parameters<typeof gguf>[0],
  list: readonly GgufTensor[],
  parts?: GgufParts,
): Sample => ({ name: `${name}.gguf`, bytes: gguf(keys, list, parts), rule })

const whole = gguf([llama], [one])
const HUGE = 2n ** 62n

const bigEndian = bytes(
  'GGUF',
  Buffer.from('00000003', 'hex'),
  Buffer.alloc(8),
  Buffer.alloc(8),
  Buffer.alloc(8),
)

const GGUF: readonly Sample[] = [
  { name: 'big-endian.gguf', bytes: bigEndian, rule: 'gguf-big-endian' },
  g('version-1', 'gguf-version', [llama], [one], { version: 1 }),
  g('version-9', 'gguf-version', [llama], [one], { version: 9 }),
  { name: 'cut-in-header.gguf', bytes: whole.subarray(0, 80), rule: 'gguf-truncated' },
  { name: 'only-magic.gguf', bytes: Buffer.from('GGUF'), rule: 'gguf-truncated' },
  {
    name: 'cut-in-data.gguf',
    bytes: gguf([llama], [{ name: 'w', shape: [64] }]).subarray(0, -64),
    rule: 'gguf-extent',
  },
  g('keys-without-end', 'gguf-count', [llama], [one], { keyCount: HUGE }),
  g('tensors-without-end', 'gguf-count', [llama], [one], { tensorCount: HUGE }),
  g('text-beyond', 'gguf-truncated', [['a', bytes(u32(8), u64(HUGE), 'x')]], [one]),
  g('list-without-end', 'gguf-count', [['a', bytes(u32(9), u32(4), u64(HUGE))]], [one]),
  g(
    'deep-lists',
    'gguf-value-type',
    [['a', bytes(u32(9), ...Array.from({ length: 10 }, () => bytes(u32(9), u64(1n))))]],
    [one],
  ),
  g('unknown-type', 'gguf-value-type', [['a', u32(77)]], [one]),
  g('empty-key', 'gguf-key', [['', textValue('x')]], [one]),
  g('odd-key', 'gguf-key', [['gen\u00e9ral', textValue('x')]], [one]),
  g('key-twice', 'gguf-duplicate-key', [llama, llama], [one]),
  g('half-boolean', 'gguf-value', [['a', bytes(u32(7), 2)]], [one]),
  g('name-not-utf8', 'gguf-value', [['general.name', textValue(Buffer.from([0xff, 0xfe]))]], [one]),
  g('alignment-of-3', 'gguf-alignment', [['general.alignment', u32Value(3)]], [one]),
  g('alignment-of-0', 'gguf-alignment', [['general.alignment', u32Value(0)]], [one]),
  g('alignment-huge', 'gguf-alignment', [['general.alignment', u32Value(2 ** 31)]], [one]),
  g('offset-misaligned', 'gguf-alignment', [llama], [{ ...one, offset: 8 }]),
  g('tensor-without-name', 'gguf-tensor-name', [llama], [{ ...one, name: '' }]),
  g('tensor-long-name', 'gguf-tensor-name', [llama], [{ ...one, name: 'w'.repeat(65) }]),
  g('tensor-twice', 'gguf-duplicate-tensor', [llama], [one, one]),
  g('five-dimensions', 'gguf-dimensions', [llama], [{ name: 'w', shape: [1, 1, 1, 1, 1] }]),
  g('dimension-of-0', 'gguf-dimensions', [llama], [{ name: 'w', shape: [0] }]),
  g(
    'dimensions-overflow',
    'gguf-dimensions',
    [llama],
    [{ name: 'w', shape: [2n ** 33n, 2n ** 33n] }],
  ),
  g('unknown-tensor-type', 'gguf-tensor-type', [llama], [{ ...one, type: 250 }]),
  g('half-block', 'gguf-block', [llama], [{ ...one, type: 2 }]),
  {
    ...g('extent', 'gguf-extent', [llama], [{ name: 'w', shape: [2n ** 30n] }]),
    reference: 'CVE-2026-7482',
  },
  {
    ...g('offset-beyond', 'gguf-extent', [llama], [{ ...one, offset: 2n ** 40n }]),
    reference: 'CVE-2026-7482',
  },
  g('offset-wraps', 'gguf-extent', [llama], [{ ...one, offset: 2n ** 64n - 32n }]),
  g('overlap', 'gguf-overlap', [llama], [one, { ...one, name: 'v', offset: 0 }]),
  g('hidden', 'gguf-hidden-data', [llama], [one, { ...one, name: 'v', offset: 128 }], {
    data: Buffer.alloc(160),
  }),
  g('trailing', 'gguf-trailing', [llama], [one], { data: Buffer.alloc(4096) }),
  { name: 'old.gguf', bytes: bytes('tjgg', u32(1), Buffer.alloc(64)), rule: 'gguf-version' },
  {
    name: 'template.gguf',
    bytes: gguf([llama, ['tokenizer.chat_template', textValue('{{ x.__class__ }}')]], [one]),
    rule: 'template-dunder',
    reference: 'CVE-2024-34359',
  },
  {
    name: 'list-of-templates.gguf',
    bytes: gguf(
      [
        llama,
        ['tokenizer.chat_template', bytes(u32(9), u32(8), u64(1), ggufText('{{ x.__class__ }}'))],
      ],
      [one],
    ),
    rule: 'template-unreadable',
  },
  {
    name: 'named-template.gguf',
    bytes: gguf(
      [llama, ['tokenizer.chat_template.tool_use', textValue("{{ x|attr('y') }}")]],
      [one],
    ),
    rule: 'template-attribute-walk',
    reference: 'CVE-2026-5760',
  },
  {
    name: 'list-text-beyond.gguf',
    bytes: gguf([['a', bytes(u32(9), u32(8), u64(2n), ggufText('x'), u64(HUGE))]], [one]),
    rule: 'gguf-truncated',
  },
]

/** Files of the two formats that are served, each breaking one rule. */
export const WEIGHTS: readonly Sample[] = [...SAFETENSORS, ...GGUF]

import { bytes, calling, payload, u32 } from './build-pickle.ts'
import { gguf, textValue } from './build-weights.ts'
import { buildZip } from './build-zip.ts'
import type { RuleCode } from '../rules.ts'
import type { Sample } from './corpus.ts'

const json = (name: string, rule: RuleCode, value: unknown): Sample => ({
  name,
  bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  rule,
})

const model = gguf([['general.architecture', textValue('llama')]], [{ name: 'w', shape: [8] }])

/** What accompanies weights, and asks a loader to run code. */
export const CONFIGURATIONS: readonly Sample[] = [
  json('auto/config.json', 'remote-code', { auto_map: { AutoModel: 'modeling_x.Model' } }),
  json('auto-other/config.json', 'remote-code', {
    auto_map: { AutoModel: 'them/theirs--x.Model' },
  }),
  json('deep/config.json', 'remote-code', { text_config: { auto_map: { AutoConfig: 'x.C' } } }),
  json('trust/config.json', 'remote-code', { trust_remote_code: true }),
  json('modules.json', 'remote-code', [{ idx: 0, name: '0', path: '', type: 'mine.Pooling' }]),
  json('model_index.json', 'remote-code', { _class_name: 'P', unet: ['pipeline_x', 'UNet'] }),
  json('adapter_config.json', 'remote-code', {
    auto_mapping: { base_model_class: 'X', parent_library: 'os.evil' },
  }),
  json('escape.safetensors.index.json', 'index-path-escape', {
    weight_map: { a: '../../x.safetensors' },
  }),
  json('gone.safetensors.index.json', 'index-shard-missing', {
    weight_map: { a: 'x.safetensors' },
  }),
  json('twice/config.json', 'json-duplicate-key', '{"auto_map":{},"auto_map":{}}'),
  json('deep.json', 'json-malformed', '['.repeat(100_000)),
  json('broken.json', 'json-malformed', '{"a":1'),
  json('modeling_x.py', 'loader-code', 'import os\n'),
  json('handler.py', 'loader-code', 'class EndpointHandler: ...\n'),
  json(
    'pointer.bin',
    'pointer-file',
    'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
  ),
  {
    name: 'code.pyc',
    bytes: bytes(Buffer.from('a70d0d0a', 'hex'), Buffer.alloc(64)),
    rule: 'python-bytecode',
  },
  { name: 'library.so', bytes: bytes(0x7f, 'ELF', Buffer.alloc(64)), rule: 'native-code' },
  { name: 'program.exe', bytes: program(), rule: 'native-code' },
  { name: 'model.bin', bytes: bytes(0x7f, 'ELF', Buffer.alloc(64)), rule: 'native-code' },
  {
    name: 'model.llamafile',
    bytes: bytes('MZqFpD', Buffer.alloc(200), buildZip([{ name: 'm.gguf', content: model }])),
    rule: 'llamafile',
  },
  {
    name: 'script.ts.pt',
    bytes: buildZip([
      { name: 'm/data.pkl', content: calling('collections', 'OrderedDict') },
      { name: 'm/code/__torch__.py', content: Buffer.from('x') },
    ]),
    rule: 'torchscript',
  },
  {
    name: 'schema.skops',
    bytes: buildZip([
      {
        name: 'schema.json',
        content: Buffer.from(
          '{"__class__":"system","__module__":"os","__loader__":"FunctionNode"}',
        ),
      },
    ]),
    rule: 'skops-type',
  },
  {
    name: 'unknown.weights',
    bytes: Buffer.from('00ff01fe02fd03fc04fb05fa06f907f8', 'hex'),
    rule: 'unknown-format',
  },
  {
    name: 'weights.msgpack',
    bytes: Buffer.from('81a6706172616d73c4ff00ff01fe', 'hex'),
    rule: 'unsupported-format',
  },
  { name: 'empty.safetensors', bytes: Buffer.alloc(0), rule: 'empty-weights' },
  { name: 'picture.png', bytes: payload(4), rule: 'content-mismatch' },
]

function program(): Buffer {
  const file = Buffer.alloc(256)
  file.write('MZ', 0, 'latin1')
  u32(128).copy(file, 60)
  file.write('PE\0\0', 128, 'latin1')
  return file
}

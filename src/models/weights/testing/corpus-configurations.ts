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
  json('uni/config.json', 'config-target', { decoder: { _target_: 'os.system', command: 'id' } }),
  json('reached/config.json', 'config-target', {
    _target_: 'nemo.core.classes.common.os.system',
  }),
  json('function/config.json', 'config-target', { _target_: 'torch.nn.init.normal_' }),
  json('kernel/config.json', 'remote-code', { attn_implementation: 'them/kernel@main' }),
  json('hydra/model_config.yaml', 'config-target', 'a:\n  _target_: builtins.eval\n'),
  json('quoted/model_config.yaml', 'config-target', '{"\\x5ftarget_": "subprocess.Popen"}'),
  json('cut/model_config.yaml', 'config-target', 'x: [\n_target_: os.system'),
  json('broken/config.yaml', 'yaml-unreadable', 'a: [1, 2\nb: }'),
  json('anchors/config.yaml', 'yaml-unreadable', '&a '.repeat(300_000)),
  json('deep/config.yaml', 'yaml-unreadable', '['.repeat(900_000)),
  json('tag/config.yml', 'yaml-python', 'x: !!python/object/apply:os.system [id]\n'),
  json('verbatim/config.yaml', 'yaml-python', 'x: !<tag:yaml.org,2002:python/name:os.system> ""\n'),
  json(
    'directive/config.yaml',
    'yaml-python',
    '%TAG !p! tag:yaml.org,2002:python/\n---\nx: !p!object/new:os.x []\n',
  ),
  json(
    'code/MLmodel',
    'remote-code',
    'flavors:\n  python_function:\n    code: code\n    loader_module: mlflow.sklearn\n',
  ),
  json(
    'loader/MLmodel',
    'remote-code',
    'flavors:\n  python_function:\n    loader_module: mine.loader\n',
  ),
  json('MAR-INF/MANIFEST.json', 'remote-code', { model: { modelName: 'm', handler: 'mine.py' } }),
  json(
    'entities.xml',
    'xml-entity',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><net/>',
  ),
  json(
    'bomb.pmml',
    'xml-entity',
    '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><PMML>&b;</PMML>',
  ),
  json(
    'plugins.xml',
    'openvino-plugin',
    '<ie><plugins><plugin name="CPU" location="./evil.so"/></plugins></ie>',
  ),
  json(
    'custom.xml',
    'openvino-extension',
    '<net name="m" version="11"><layers><layer id="0" name="a" type="Mine" version="extension"/></layers></net>',
  ),
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

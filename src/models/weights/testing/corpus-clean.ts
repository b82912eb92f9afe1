import {
  bytes,
  global,
  payload,
  proto,
  STOP,
  stackGlobal,
  tensorPickle,
  text,
  u64,
} from './build-pickle.ts'
import { gguf, message, npy, safetensors, textValue, u32Value } from './build-weights.ts'
import { buildZip } from './build-zip.ts'
import type { Sample } from './corpus.ts'

const clean = (name: string, content: Buffer | string): Sample => ({
  name: `clean/${name}`,
  bytes: Buffer.from(content),
  rule: null,
})

const template =
  "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

/** Reasoning marks, dates that are only written, tools, macros, namespaces: what published templates do. */
const busy = `{%- macro show(x) -%}{{ x | tojson(indent=4) }}{%- endmacro -%}
{%- set ns = namespace(last=-1, thinking=false) -%}
{%- if not date_string is defined %}{%- if strftime_now is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}{%- endif %}{%- endif %}
{%- for message in messages -%}
{%- if message.role == 'assistant' and '</think>' in message.content -%}{%- set content = message.content.split('</think>')[-1].lstrip('\\n') -%}{%- else -%}{%- set content = message['content'] | trim -%}{%- endif -%}
{%- if message['role'] == 'tool' -%}{{ '<tool_response>\\n' + content + '\\n</tool_response>' }}{%- elif message.tool_calls is defined -%}{%- for call in message.tool_calls -%}{{ show(call.function) }}{%- endfor -%}{%- else -%}{{ '<|' + message['role'] + '|>' + content }}{%- endif -%}
{%- endfor -%}
{{- '{"tools":\\n{"name": "' -}}
{{- "Joined \\\nlines, and \\d" -}}
{{- "Today Date: " + date_string -}}
{%- set ns.last = (messages | length) - 1 -%}{%- for index in range(ns.last + 1) -%}{{ messages[index].role ~ ': ' ~ messages[ns.last]['content'] }}{%- endfor -%}
{{- '{} of {}'.format(ns.last, messages | length) ~ (messages | map(attribute='role') | join(', ')) -}}`

const members = [
  { name: 'archive/data.pkl', content: tensorPickle(4) },
  { name: 'archive/byteorder', content: Buffer.from('little') },
  { name: 'archive/data/0', content: Buffer.from('80024b0280024b02f0f1f2f3f4f5f6f7', 'hex') },
  { name: 'archive/version', content: Buffer.from('3\n') },
]
const archive = buildZip(members)
/** As PyTorch writes it. */
const wideArchive = buildZip(members, '', true)

/** The layout of torch.save before zips: five pickles, then raw storages. */
const legacy = bytes(
  proto(2),
  0x8a,
  10,
  Buffer.from('6cfc9c46f9206aa85019', 'hex'),
  STOP,
  proto(2),
  'M',
  0xe9,
  0x03,
  STOP,
  proto(2),
  '}',
  text('little_endian'),
  0x88,
  's',
  STOP,
  tensorPickle(4),
  proto(2),
  ']',
  text('0'),
  'a',
  STOP,
  u64(4n),
  Buffer.from('80024b0280024b02f0f1f2f3f4f5f6f7', 'hex'),
)

/** What numpy 2 writes for an array of four floats. */
const array = bytes(
  proto(4),
  stackGlobal('numpy._core.multiarray', '_reconstruct'),
  stackGlobal('numpy', 'ndarray'),
  'K',
  0,
  0x85,
  'C',
  1,
  'b',
  0x87,
  'R',
  '(',
  'K',
  1,
  'K',
  4,
  0x85,
  stackGlobal('numpy', 'dtype'),
  0x8c,
  2,
  'f8',
  0x89,
  0x88,
  0x87,
  'R',
  0x89,
  'C',
  32,
  Buffer.alloc(32, 7),
  't',
  'b',
  STOP,
)

/** Files as their own libraries write them. */
export const CLEAN: readonly Sample[] = [
  clean(
    'model.safetensors',
    safetensors(
      [
        ['a', [2, 3]],
        ['b', [4]],
      ],
      { format: 'pt' },
    ),
  ),
  clean('empty-tensors.safetensors', safetensors([['a', [0]]])),
  clean('scalar.safetensors', safetensors([['a', []]])),
  clean('none.safetensors', safetensors([])),
  clean(
    'model.gguf',
    gguf(
      [
        ['general.architecture', textValue('llama')],
        ['general.name', textValue('x')],
        ['tokenizer.chat_template', textValue(template)],
      ],
      [
        { name: 'a', shape: [8, 4] },
        { name: 'b', shape: [3] },
      ],
    ),
  ),
  clean(
    'aligned.gguf',
    gguf(
      [['general.alignment', u32Value(64)]],
      [
        { name: 'a', shape: [3] },
        { name: 'b', shape: [3] },
      ],
      { alignment: 64 },
    ),
  ),
  clean('vocabulary.gguf', gguf([['general.architecture', textValue('llama')]], [])),
  clean('pytorch_model.bin', archive),
  clean('model.pt', wideArchive),
  clean('legacy.pt', legacy),
  clean('array.pkl', array),
  clean(
    'values.pkl',
    bytes(proto(2), '}(', text('a'), ']q', 1, '(K', 1, 'K', 2, 'e', text('b'), 'N', 'u', STOP),
  ),
  clean(
    'bytes-of-protocol-2.pkl',
    bytes(proto(2), global('_codecs', 'encode'), text('x'), text('latin1'), 0x86, 'R', STOP),
  ),
  clean(
    'array.npy',
    npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", Buffer.alloc(48)),
  ),
  clean(
    'arrays.npz',
    buildZip([
      {
        name: 'a.npy',
        content: npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", Buffer.alloc(4)),
      },
    ]),
  ),
  clean(
    'model.onnx',
    message(
      [1, 8],
      [
        7,
        message(
          [1, message([1, 'x'], [4, 'Add'], [7, ''])],
          [5, message([1, 2], [8, 'w'], [9, Buffer.alloc(8)])],
        ),
      ],
      [8, message([2, 17])],
    ),
  ),
  clean(
    'saved_model.pb',
    message(
      [1, 1],
      [
        2,
        message([
          2,
          message([1, message([1, 'n'], [2, 'MatMul'])], [1, message([1, 's'], [2, 'SaveV2'])]),
        ]),
      ],
    ),
  ),
  clean(
    'model.keras',
    buildZip([
      { name: 'metadata.json', content: Buffer.from('{}') },
      {
        name: 'config.json',
        content: Buffer.from(
          '{"module":"keras","class_name":"Functional","config":{"layers":[{"module":"keras.layers","class_name":"Dense","config":{"units":1,"activation":{"module":"keras.activations","class_name":"function","config":"relu"},"kernel_initializer":{"module":"keras.initializers","class_name":"GlorotUniform","config":{"seed":null}}}}]}}',
        ),
      },
    ]),
  ),
  clean('chat_template.jinja', template),
  clean('busy.jinja', busy),
  clean(
    'tokenizer_config.json',
    JSON.stringify({ chat_template: template, model_max_length: 1e30, bos_token: '<s>' }),
  ),
  clean(
    'config.json',
    '{"architectures":["LlamaForCausalLM"],"rope_scaling":null,"x":Infinity,"hidden_size":576}',
  ),
  clean(
    'model_config.yaml',
    '# _target_: os.system\nencoder:\n  _target_: nemo.collections.asr.modules.ConformerEncoder\n  text: "_target_: os.system"\noptim: &o {name: adamw}\nother: *o\n',
  ),
  clean('MLmodel', 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n'),
  clean(
    'openvino_model.xml',
    '<?xml version="1.0"?>\n<net name="m" version="11">\n<layers>\n<layer id="0" name="a" type="Parameter" version="opset1"><data shape="1"/></layer>\n</layers></net>\n',
  ),
  clean(
    'attention/config.json',
    '{"attn_implementation":"flash_attention_2","_attn_implementation":"sdpa"}',
  ),
  clean('README.md', '# Model\n\nconfig\nos\n(see os.system)\n'),
  clean('vocab.txt', 'cat\ndog\nbird\nios\nsystem\n(\n.\n'),
  clean(
    'tokenizer.model',
    message([1, message([1, '<unk>'])], [1, message([1, 'a'])], [2, message([1, 'x'])]),
  ),
  clean('LICENSE', 'Apache License\n'),
  clean('logo.png', bytes(Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(32, 4))),
  clean(
    'plain-data.pkl',
    bytes(proto(4), 'B', Buffer.from('05000000', 'hex'), payload(0).subarray(0, 5), STOP),
  ),
]

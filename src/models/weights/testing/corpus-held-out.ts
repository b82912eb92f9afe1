import { bytes, global, payload, proto, STOP, text, u32, u64, type Piece } from './build-pickle.ts'
import { gguf, message, textValue } from './build-weights.ts'
import { buildZip } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const written = (
  name: string,
  rule: RuleCode | null,
  value: unknown,
  reference?: string,
): Sample => ({
  name: `held-out/${name}`,
  bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  rule,
  ...(reference !== undefined && { reference }),
})

const pickle = (
  name: string,
  rule: RuleCode | null,
  ...pieces: readonly (Piece | number)[]
): Sample => ({
  name: `held-out/${name}.pkl`,
  bytes: bytes(proto(2), ...pieces, STOP),
  rule,
})

const KERNEL = 'CVE-2026-4372'
const CONFIGURATIONS: readonly Sample[] = [
  written('a/config.json', 'remote-code', { _attn_implementation_internal: 'them/kernel' }, KERNEL),
  written('b/config.json', 'remote-code', { x: { attn_implementation: { '': 'them/kernel' } } }),
  written('c/config.json', 'remote-code', { _experts_implementation: 'them/kernel@main' }),
  written('d/config.json', null, {
    _attn_implementation: 'flash_attention_2',
    attn_implementation: { vision_config: 'sdpa', '': 'eager' },
    _attn_implementation_autoset: true,
    experts_implementation: 'grouped_mm',
    id2label: { 0: 'os.system' },
  }),
  written('adapter_config.json', 'remote-code', { peft_type: 'LORA', megatron_core: 'os' }),
  written('own/adapter_config.json', null, {
    base_model_name_or_path: 'meta-llama/Llama-3.1-8B',
    megatron_core: 'megatron.core',
  }),
  written('hyperparams.yaml', 'config-target', 'model: !new:subprocess.Popen\n  args: id\n'),
  written('b/hyperparams.yaml', 'config-target', 'x: !apply:os.system [id]\n'),
  written('c/hyperparams.yaml', 'config-target', 'x: !name:speechbrain.utils.os.system\n'),
  written(
    'd/hyperparams.yaml',
    null,
    'feat: !new:speechbrain.lobes.features.Fbank\n  n_mels: 80\nact: !name:torch.nn.LeakyReLU\nm: !ref <feat>\n',
  ),
  written(
    'laughs.yaml',
    'yaml-unreadable',
    `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`).join('')}`,
  ),
  written('aliases.yaml', null, 'a: &a {b: 1}\nc: *a\nd:\n  <<: *a\n  e: [*a, *a]\n'),
  written('e/hyperparams.yaml', 'config-target', 'x: !include:../../x\n'),
  written('tuples.yaml', null, 'betas: !!python/tuple [0.9, 0.99]\nname: !!python/unicode x\n'),
  written('hub/config.json', null, {
    module: 'keras_hub.src.models.bert.bert_backbone',
    class_name: 'BertBackbone',
    config: { num_layers: 2 },
    registered_name: 'keras_hub>BertBackbone',
  }),
  written('hub-function/config.json', 'keras-outside-module', {
    module: 'keras_hub.src.utils.preset_utils',
    class_name: 'load_json',
    config: {},
  }),
  written('pickle.yaml', 'pickle-dangerous-global', "cos\nsystem\n(S'id'\ntR."),
  written(
    'MLmodel',
    'remote-code',
    'flavors:\n  python_function:\n    loader_module: mlflow.pyfunc.model\n    model_code_path: model.py\n',
  ),
  written('config.pbtxt', 'remote-code', 'backend: "../../x"\n'),
  written('b/config.pbtxt', 'remote-code', 'model_operations { op_library_filename: "x.so" }\n'),
  written('c/config.pbtxt', 'remote-code', 'default_model_filename: "libx.so"\n'),
  written('d/config.pbtxt', null, 'backend: "onnxruntime"\ndefault_model_filename: "model.onnx"\n'),
  written('requirements.txt', 'install-address', 'torch\nx @ https://packages.example/x.whl\n'),
  written(
    'b/requirements.txt',
    'install-address',
    '--extra-index-url http://x.example/simple\nx\n',
  ),
  written('c/requirements.txt', 'install-address', 'git+https://code.example/x\n'),
  written('d/requirements.txt', null, 'torch>=2 # see https://pytorch.org\nnumpy\n'),
  written('tokenizer.json', 'tokenizer-pattern', {
    pre_tokenizer: { pattern: { Regex: '(a+)+$' } },
  }),
  written('b/tokenizer.json', null, {
    pre_tokenizer: {
      pattern: {
        Regex: String.raw`(?i:'s|'t)|[^\r\n\p{L}]?\p{L}+|\p{N}{1,3}|\s*[\r\n]+|\s+(?!\S)`,
      },
    },
  }),
  written(
    'loops.jinja',
    'template-bomb',
    '{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}',
  ),
  written('power.jinja', 'template-bomb', '{{ 9**9**9 }}'),
  written('times.jinja', 'template-bomb', "{{ 'a' * 10000000000 }}"),
]

const PICKLES: readonly Sample[] = [
  pickle('tensor-item', 'pickle-set-item', global('torch', 'Tensor'), ')RK\x00K\x01s'),
  pickle('class-item', 'pickle-set-item', global('torch', 'Tensor'), 'U\x01aK\x01s'),
  pickle(
    'storage-items',
    'pickle-set-item',
    global('torch', 'FloatStorage'),
    'K\x04',
    0x85,
    'R(K\x00K\x01u',
  ),
  pickle('ordered-items', null, global('collections', 'OrderedDict'), ')R(U\x01aK\x01u'),
  pickle(
    'default-items',
    null,
    global('collections', 'defaultdict'),
    global('builtins', 'list'),
    0x85,
    'R(U\x01a]u',
  ),
  pickle(
    'filled-again',
    'pickle-bomb',
    global('builtins', 'bytearray'),
    'q\x000(',
    ...Array.from({ length: 1000 }, () => bytes('h\x00J', u32(2 ** 24), 0x85, 'R')),
    'l',
  ),
  pickle(
    'array-shape',
    'pickle-argument',
    global('numpy', 'ndarray'),
    'J',
    u32(2 ** 30),
    0x85,
    0x85,
    'R',
  ),
  pickle(
    'rebuilt-shape',
    'pickle-argument',
    global('numpy.core.multiarray', '_reconstruct'),
    global('numpy', 'ndarray'),
    'J',
    u32(2 ** 30),
    0x85,
    text('b'),
    0x87,
    'R',
  ),
  pickle(
    'object-scalar',
    'pickle-argument',
    global('numpy.core.multiarray', 'scalar'),
    global('numpy', 'dtype'),
    text('O'),
    0x85,
    'RN',
    0x86,
    'R',
  ),
]

const skops = (
  name: string,
  rule: RuleCode | null,
  node: Readonly<Record<string, string>>,
): Sample => ({
  name: `held-out/${name}.skops`,
  bytes: buildZip([
    {
      name: 'schema.json',
      content: Buffer.from(
        JSON.stringify({
          ...node,
          content: { a: { __class__: 'str', __module__: 'builtins', __loader__: 'TypeNode' } },
        }),
      ),
    },
  ]),
  rule,
})

const torchServe = (name: string, model: unknown): Sample => ({
  name: `held-out/${name}.mar`,
  bytes: buildZip([
    { name: 'MAR-INF/MANIFEST.json', content: Buffer.from(JSON.stringify({ model })) },
  ]),
  rule: 'remote-code',
})

const onnx = (...fields: readonly (readonly [number, Buffer | string | number])[]): Buffer =>
  message([1, 8], [7, message(...fields)], [8, message([2, 17])])
const floats = (shape: readonly number[], raw: number): Buffer =>
  message(...shape.map((each) => [1, each] as const), [2, 1], [8, 'w'], [9, Buffer.alloc(raw)])
const schema = bytes('ARROW:extension:name\0\x17\0\0\0arrow.py_extension_type\0')

/** A graph without operators: offset of the root, mark, its table of offsets at 8, the root at 16, a vector at 24. */
const TFLITE = bytes(
  u32(16),
  'TFL3',
  Buffer.from('0800080000000400', 'hex'),
  u32(8),
  u32(4),
  u32(0),
  u32(0),
)

const FILES: readonly Sample[] = [
  skops('estimator', null, {
    __class__: 'LogisticRegression',
    __module__: 'sklearn.linear_model._logistic',
    __loader__: 'ObjectNode',
  }),
  skops('built-in', 'skops-type', {
    __class__: 'eval',
    __module__: 'builtins',
    __loader__: 'ObjectNode',
  }),
  skops('reaching', 'skops-type', {
    __class__: 'Popen',
    __module__: 'sklearn.utils._testing',
    __loader__: 'ObjectNode',
  }),
  torchServe('installed', { handler: 'image_classifier', requirementsFile: 'requirements.txt' }),
  torchServe('envelope', { handler: 'image_classifier', envelope: '../x' }),
  {
    name: 'held-out/alignment.gguf',
    bytes: gguf(
      [
        ['general.architecture', textValue('llama')],
        ['general.alignment', textValue('32')],
      ],
      [{ name: 'w', shape: [8] }],
    ),
    rule: 'gguf-alignment',
  },
  {
    name: 'held-out/scores.gguf',
    bytes: gguf(
      [
        ['general.architecture', textValue('llama')],
        ['tokenizer.ggml.tokens', bytes(u32(9), u32(4), u64(4), Buffer.alloc(16))],
        ['tokenizer.ggml.scores', bytes(u32(9), u32(6), u64(1), Buffer.alloc(4))],
      ],
      [{ name: 'w', shape: [8] }],
    ),
    rule: 'gguf-value',
  },
  {
    name: 'held-out/labels.tflite',
    bytes: bytes(TFLITE, buildZip([{ name: 'labels.txt', content: Buffer.from('cat\n') }])),
    rule: 'archive-nested',
  },
  {
    name: 'held-out/labels-with-code.tflite',
    bytes: bytes(TFLITE, buildZip([{ name: 'archive/data.pkl', content: payload(4) }])),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'held-out/model.ckpt-1.index',
    bytes: bytes(Buffer.alloc(100, 0xfe), Buffer.from('57fb808b247547db', 'hex')),
    rule: null,
  },
  {
    name: 'held-out/stranger.onnx',
    bytes: onnx([1, message([4, 'Steal'])]),
    rule: 'onnx-unknown-operator',
  },
  {
    name: 'held-out/large.onnx',
    bytes: onnx([5, floats([2 ** 30], 16)]),
    rule: 'onnx-tensor-size',
  },
  {
    name: 'held-out/nothing.onnx',
    bytes: onnx([5, message([1, 2 ** 30], [1, 0], [2, 1])]),
    rule: null,
  },
  {
    name: 'held-out/overflow.onnx',
    bytes: onnx([5, message([1, 2 ** 30], [1, 2 ** 30], [1, 2 ** 30], [1, 0], [2, 1])]),
    rule: 'onnx-tensor-size',
  },
  {
    name: 'held-out/small.onnx',
    bytes: onnx([5, floats([2, 2], 16)], [1, message([4, 'Add'])]),
    rule: null,
  },
  { name: 'held-out/types.arrow', bytes: bytes('ARROW1\0\0', schema), rule: 'arrow-python-type' },
  {
    name: 'held-out/types.parquet',
    bytes: bytes(
      'PAR1',
      Buffer.alloc(40),
      'ARROW:schema\x18\x30',
      schema.toString('base64'),
      'PAR1',
    ),
    rule: 'arrow-python-type',
    reference: 'CVE-2023-47248',
  },
]

/** What files built apart from these tests went through with, and its harmless likes. */
export const HELD_OUT: readonly Sample[] = [...CONFIGURATIONS, ...PICKLES, ...FILES]

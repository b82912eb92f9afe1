import { deflateSync, gzipSync } from 'node:zlib'
import {
  binaryBytes,
  bytes,
  global,
  payload,
  proto,
  STOP,
  text,
  u32,
  type Piece,
} from './build-pickle.ts'
import { message, npy } from './build-weights.ts'
import { buildZip } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const written = (name: string, rule: RuleCode, value: unknown): Sample => ({
  name: `detours/${name}`,
  bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  rule,
})

const array = (name: string, rule: RuleCode | null, descr: string): Sample => ({
  name: `detours/${name}.npy`,
  bytes: npy(
    `{'descr': ${descr}, 'fortran_order': False, 'shape': (1,), }`,
    rule === null ? Buffer.alloc(12) : payload(4),
  ),
  rule,
})

/** `numpy.dtype` reads these as objects, though numpy never writes them. */
const ARRAYS: readonly Sample[] = [
  array('repeated', 'npy-header', "'3O'"),
  array('repeated-payload', 'pickle-dangerous-global', "'3O'"),
  array('list-in-text', 'npy-header', "'f4,O'"),
  array('object-by-name', 'npy-header', "'object'"),
  array('shaped', 'npy-header', "[('a', '(2,)O')]"),
  array('deep', 'npy-header', "[('a', [('b', 'object')])]"),
  array('titled', 'npy-object', "[(('t', 'a'), '|O')]"),
  array('field-named-o', null, "[('O', '<f4'), ('b', '<f4', (2,))]"),
]

const keras = (name: string, rule: RuleCode, layer: Readonly<Record<string, unknown>>): Sample => ({
  name: `detours/${name}.keras`,
  bytes: buildZip([
    { name: 'metadata.json', content: Buffer.from('{}') },
    {
      name: 'config.json',
      content: Buffer.from(
        JSON.stringify({
          module: 'keras',
          class_name: 'Sequential',
          config: { layers: [layer] },
        }),
      ),
    },
  ]),
  rule,
})

const KERAS: readonly Sample[] = [
  // keras/src/saving/serialization_lib.py calls what `spec_name` names with the items of `config`
  keras('type-of-built-ins', 'keras-outside-module', {
    class_name: '__typespec__',
    module: 'builtins',
    spec_name: 'eval',
    registered_name: null,
    config: ['1'],
  }),
  keras('type-of-keras', 'keras-lambda', {
    class_name: '__typespec__',
    module: 'keras.layers',
    spec_name: 'Lambda',
    config: [],
  }),
  keras('class-of-built-ins', 'keras-outside-module', {
    class_name: 'exec',
    module: 'builtins',
    config: {},
  }),
  keras('utilities-of-tensorflow', 'keras-function', {
    class_name: 'get_file',
    module: 'tensorflow.keras.utils',
    config: {},
  }),
  keras('utilities-of-interface', 'keras-function', {
    class_name: 'get_file',
    module: 'keras.api.utils',
    config: {},
  }),
  keras('registered-lambda', 'keras-lambda', {
    class_name: 'X',
    module: 'keras.layers',
    registered_name: 'keras>Lambda',
    config: {},
  }),
  keras('package-in-class', 'keras-custom-object', { class_name: 'Custom>Thing', config: {} }),
  keras('weights-path', 'keras-file-access', {
    class_name: 'TextVectorization',
    module: 'keras.layers',
    config: { vocabulary: ['a'], idf_weights: '/etc/passwd' },
  }),
]

const tensor = (...locations: readonly string[]): Buffer =>
  message(
    [1, 4],
    [8, 'w'],
    ...locations.map((location): [number, Buffer] => [13, message([1, 'location'], [2, location])]),
    [14, 1],
  )
const node = (operator: string, domain: string): Buffer =>
  message([1, 'x'], [4, operator], [7, domain])
const onnx = (graph: Buffer, functions: Buffer): Buffer =>
  message([1, 8], [7, graph], [8, message([2, 17])], [25, functions])
const attribute = (...fields: readonly [number, Buffer][]): Buffer =>
  message([1, 'f'], [11, message([1, 'a'], ...fields)])

const ONNX: readonly Sample[] = [
  {
    name: 'detours/two-locations.onnx',
    bytes: onnx(message([5, tensor('../../etc/passwd', 'w.bin')]), message()),
    rule: 'onnx-external-escape',
  },
  {
    name: 'detours/default-of-function.onnx',
    bytes: onnx(message(), attribute([5, tensor('../../x')])),
    rule: 'onnx-external-escape',
  },
  {
    name: 'detours/graph-in-function.onnx',
    bytes: onnx(message(), attribute([6, message([1, node('X', 'evil')])])),
    rule: 'onnx-custom-operator',
  },
  {
    name: 'detours/compiled.onnx',
    bytes: onnx(message([1, node('EPContext', 'com.microsoft')]), message()),
    rule: 'onnx-custom-operator',
  },
  {
    // tags and lengths that are letters too: a file of text to the eye
    name: 'detours/letters-alone.onnx',
    bytes: message([7, message([1, message([4, 'A'.repeat(32)], [7, 'e'.repeat(32)])])]),
    rule: 'onnx-custom-operator',
  },
  {
    // as the exporter of PyTorch 2 writes its own library
    name: 'detours/own-function.onnx',
    bytes: onnx(
      message([1, node('aten_add', 'pkg.torch')]),
      message([1, 'aten_add'], [7, node('Add', '')], [10, 'pkg.torch']),
    ),
    rule: null,
  },
]

const saved = (graph: Buffer, objects = message()): Buffer =>
  message([1, 1], [2, message([2, graph], [7, objects])])
const operator = (name: string): Buffer => message([1, message([1, 'n'], [2, name])])
const layer = '{"class_name":"Lambda","config":{"function":["4w==",null,null]}}'

const TENSORFLOW: readonly Sample[] = [
  {
    name: 'detours/layers/saved_model.pb',
    bytes: saved(operator('MatMul'), message([1, message([4, message([3, layer])])])),
    rule: 'keras-lambda',
  },
  ...['DatasetFromGraph', 'DataServiceDatasetV4', 'IO>FileRead'].map((name): Sample => ({
    name: `detours/${name.replace('>', '-')}/saved_model.pb`,
    bytes: saved(operator(name)),
    rule: 'tensorflow-file-access',
  })),
  written('quotes.pbtxt', 'tensorflow-python', "node { op: 'PyFunc' }"),
  written('octal.pbtxt', 'tensorflow-python', String.raw`node { op: "Py\106unc" }`),
  written('pieces.pbtxt', 'tensorflow-python', 'node { op: "Py"\n   \'Func\' }'),
  written('comment.pbtxt', 'tensorflow-python', 'node { op # "MatMul"\n : "PyFunc" }'),
  written('layers.pbtxt', 'keras-lambda', `n { metadata: ${JSON.stringify(layer)} }`),
  written('config.pbtxt', 'remote-code', 'name: "m"\nbackend: "python"\n'),
  {
    name: 'detours/plain.pbtxt',
    bytes: Buffer.from('node {\n  name: "PyFunc" # op: "PyFunc"\n  op: "MatMul"\n}\n'),
    rule: null,
  },
]

const CONFIGURATIONS: readonly Sample[] = [
  written('list/tokenizer_config.json', 'remote-code', { auto_map: ['tok.Tok', null] }),
  written('text/config.json', 'remote-code', { auto_map: 'tok.Tok' }),
  written('trust-one/config.json', 'remote-code', { trust_remote_code: 1 }),
  written('trust-text/config.json', 'remote-code', { trust_remote_code: 'True' }),
  written('2_Dense/config.json', 'config-target', { activation_function: 'os.getcwd' }),
  written('cross/config.json', 'config-target', {
    sentence_transformers: { activation_fn: 'subprocess.Popen' },
  }),
  written('router_config.json', 'remote-code', { types: { a: 'mine.Module' } }),
  written(
    'diffusion.yaml',
    'config-target',
    'model:\n  target: os.system\n  params: {command: id}\n',
  ),
  written('lightning.yaml', 'config-target', 'model:\n  class_path: subprocess.Popen\n'),
  written('alias.yaml', 'config-target', 'x: &t os.system\na:\n  _target_: *t\n'),
  written('key-alias.yaml', 'config-target', 'x: &t _target_\na:\n  *t : os.system\n'),
  {
    name: 'detours/plain/config.json',
    bytes: Buffer.from(
      JSON.stringify({
        activation_function: 'torch.nn.modules.activation.Tanh',
        target: 'ldm.modules.code.Unet',
        trust_remote_code: false,
        auto_map: {},
      }),
    ),
    rule: null,
  },
  {
    name: 'detours/plain.yaml',
    bytes: Buffer.from('model:\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n'),
    rule: null,
  },
]

const held = (
  name: string,
  rule: RuleCode | null,
  ...pieces: readonly (Piece | number)[]
): Sample => ({
  name: `detours/${name}.pkl`,
  bytes: bytes(proto(4), ...pieces, STOP),
  rule,
})

const PICKLES: readonly Sample[] = [
  held('hexadecimal', 'pickle-nested-payload', text(payload(4).toString('hex'))),
  held('old-in-base64', 'pickle-nested-payload', text(payload(0).toString('base64'))),
  held(
    'old-of-any-module',
    'pickle-nested-payload',
    binaryBytes(Buffer.from("cshutil\nrmtree\n(S'/x'\ntR.")),
  ),
  held('in-zlib', 'pickle-nested-payload', binaryBytes(deflateSync(payload(4)))),
  held('in-gzip', 'pickle-nested-payload', binaryBytes(gzipSync(payload(4)))),
  held(
    'class-given-back',
    'pickle-argument',
    global('torch.jit._pickle', 'restore_type_tag'),
    global('torch.nn.parameter', 'Parameter'),
    text('x'),
    0x86,
    'R}',
    text('__setstate__'),
    'Nsb',
  ),
  held(
    'memory-of-bytes',
    'pickle-argument',
    global('builtins', 'bytearray'),
    'J',
    u32(0x7f_ff_ff_ff),
    0x85,
    'R',
  ),
  held(
    'memory-of-items',
    'pickle-argument',
    global('builtins', 'list'),
    global('builtins', 'range'),
    'J',
    u32(0x7f_ff_ff_ff),
    0x85,
    'R',
    0x85,
    'R',
  ),
  held(
    'plain-values',
    null,
    '(',
    text('cat\ndog\nbird\n'),
    text('8002 is a number'),
    text('xylophone'),
    binaryBytes(deflateSync(Buffer.from('plain text'))),
    global('builtins', 'range'),
    'K',
    5,
    0x85,
    'R',
    't',
  ),
]

/** Attacks that say what a known one says in another way, with clean files that look like them. */
export const DETOURS: readonly Sample[] = [
  ...PICKLES,
  ...ARRAYS,
  ...KERAS,
  ...ONNX,
  ...TENSORFLOW,
  ...CONFIGURATIONS,
]

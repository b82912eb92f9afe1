import { bytes, payload } from './build-pickle.ts'
import { message, npy } from './build-weights.ts'
import { buildZip } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const keras = (name: string, rule: RuleCode, layer: string, reference?: string): Sample => ({
  name: `${name}.keras`,
  bytes: buildZip([
    { name: 'metadata.json', content: Buffer.from('{"keras_version":"3.8.0"}') },
    { name: 'config.json', content: Buffer.from(model(layer)) },
  ]),
  rule,
  ...(reference && { reference }),
})

const model = (layer: string): string =>
  `{"module":"keras","class_name":"Sequential","config":{"name":"s","layers":[${layer}]},"registered_name":null}`

const h5 = (name: string, layer: string): Sample => ({
  name: `${name}.h5`,
  bytes: bytes(
    Buffer.from('894844460d0a1a0a', 'hex'),
    Buffer.alloc(900, 5),
    model(layer),
    0,
    Buffer.alloc(333, 9),
  ),
  rule: 'keras-lambda',
  reference: 'CVE-2025-9905',
})

const lambda =
  '{"module":"keras.layers","class_name":"Lambda","config":{"function":["4wAAAA==",null,null]}}'

const KERAS: readonly Sample[] = [
  keras('lambda', 'keras-lambda', lambda, 'CVE-2024-3660'),
  keras('lambda-escaped', 'keras-lambda', lambda.replace('Lambda', String.raw`\u004cambda`)),
  keras(
    'lambda-as-value',
    'keras-lambda',
    '{"class_name":"__lambda__","config":{"value":"4wAAAA=="}}',
  ),
  keras(
    'torch-inside',
    'keras-lambda',
    '{"module":"keras.layers","class_name":"TorchModuleWrapper","config":{"module":"gA=="}}',
  ),
  keras(
    'module-os',
    'keras-outside-module',
    '{"module":"os","class_name":"function","config":"system"}',
    'CVE-2025-1550',
  ),
  keras(
    'module-builtin',
    'keras-outside-module',
    '{"module":"subprocess","class_name":"Popen","config":{}}',
    'CVE-2025-1550',
  ),
  keras(
    'get-file',
    'keras-function',
    '{"module":"keras.utils","class_name":"function","config":"get_file"}',
    'CVE-2025-8747',
  ),
  keras(
    'enable-unsafe',
    'keras-function',
    '{"module":"keras.config","class_name":"function","config":"enable_unsafe_deserialization"}',
    'CVE-2025-9906',
  ),
  keras(
    'vocabulary-path',
    'keras-file-access',
    '{"module":"keras.layers","class_name":"StringLookup","config":{"vocabulary":"/etc/passwd"}}',
    'CVE-2025-12058',
  ),
  keras(
    'registered',
    'keras-custom-object',
    '{"module":null,"class_name":"Thing","config":{},"registered_name":"mine>Thing"}',
  ),
  h5('lambda', lambda),
  h5('lambda-behind-spaces', lambda.replace('{', '{  \n')),
  {
    name: 'user-block.h5',
    bytes: bytes(Buffer.alloc(512), h5('x', lambda).bytes),
    rule: 'keras-lambda',
  },
]

const tensor = (location: string): Buffer =>
  message([1, 4], [8, 'w'], [13, message([1, 'location'], [2, location])], [14, 1])
const onnx = (graph: Buffer): Buffer => message([1, 8], [7, graph], [8, message([2, 17])])
const node = (operator: string, domain = ''): Buffer =>
  message([1, 'x'], [4, operator], [7, domain])

const ONNX: readonly Sample[] = [
  {
    name: 'vendor.onnx',
    bytes: onnx(message([1, node('FusedMatMul', 'com.microsoft')])),
    rule: 'onnx-vendor-operator',
  },
  {
    name: 'external-up.onnx',
    bytes: onnx(message([5, tensor('../../etc/passwd')])),
    rule: 'onnx-external-escape',
    reference: 'CVE-2022-25882',
  },
  {
    name: 'external-absolute.onnx',
    bytes: onnx(message([5, tensor('/etc/passwd')])),
    rule: 'onnx-external-escape',
    reference: 'CVE-2024-27318',
  },
  {
    name: 'external-windows.onnx',
    bytes: onnx(message([5, tensor('..\\x')])),
    rule: 'onnx-external-escape',
  },
  {
    name: 'external-url.onnx',
    bytes: onnx(message([5, tensor('http://x/y')])),
    rule: 'onnx-external-escape',
  },
  {
    name: 'external-gone.onnx',
    bytes: onnx(message([5, tensor('weights.bin')])),
    rule: 'onnx-external-missing',
  },
  {
    name: 'external-in-attribute.onnx',
    bytes: onnx(message([1, message([4, 'Constant'], [5, message([5, tensor('../x')])])])),
    rule: 'onnx-external-escape',
  },
  {
    name: 'custom-domain.onnx',
    bytes: onnx(message([1, node('Steal', 'my.company')])),
    rule: 'onnx-custom-operator',
  },
  {
    name: 'python.onnx',
    bytes: onnx(message([1, node('PyOp', 'ai.onnx.contrib')])),
    rule: 'onnx-python-operator',
  },
  {
    name: 'in-subgraph.onnx',
    bytes: onnx(
      message([1, message([4, 'If'], [5, message([6, message([1, node('X', 'evil')])])])]),
    ),
    rule: 'onnx-custom-operator',
  },
  {
    name: 'in-function.onnx',
    bytes: bytes(onnx(message()), message([25, message([7, node('X', 'evil')])])),
    rule: 'onnx-custom-operator',
  },
  {
    name: 'disguised-onnx.weights',
    bytes: onnx(message([1, node('X', 'evil')])),
    rule: 'onnx-custom-operator',
  },
  {
    name: 'cut.onnx',
    bytes: onnx(message([1, node('Add')])).subarray(0, -3),
    rule: 'protobuf-malformed',
  },
]

const operator = (name: string): Buffer => message([1, 'n'], [2, name])
const saved = (graph: Buffer): Buffer => message([1, 1], [2, message([2, graph])])

const TENSORFLOW: readonly Sample[] = [
  { name: 'cut.tflite', bytes: tflite('x').subarray(0, 30), rule: 'tflite-malformed' },
  {
    name: 'saved_model.pb',
    bytes: saved(message([1, operator('PyFunc')])),
    rule: 'tensorflow-python',
  },
  {
    name: 'write/saved_model.pb',
    bytes: saved(message([1, operator('WriteFile')])),
    rule: 'tensorflow-file-access',
  },
  {
    name: 'function/saved_model.pb',
    bytes: saved(message([2, message([1, message([3, operator('ReadFile')])])])),
    rule: 'tensorflow-file-access',
  },
  { name: 'frozen.pb', bytes: message([1, operator('EagerPyFunc')]), rule: 'tensorflow-python' },
  {
    name: 'text.pbtxt',
    bytes: Buffer.from('node {\n  name: "x"\n  op: "PyFunc"\n}\n'),
    rule: 'tensorflow-python',
  },
  {
    name: 'keras_metadata.pb',
    bytes: message([1, message([5, model(lambda)])]),
    rule: 'keras-lambda',
  },
  { name: 'custom.tflite', bytes: tflite('FlexPyFunc'), rule: 'tensorflow-python' },
  { name: 'native.tflite', bytes: tflite('MyOperator'), rule: 'tflite-custom-operator' },
]

/** A FlatBuffer with one operator code: a root table, a vector, a table, a name. */
function tflite(name: string): Buffer {
  const file = Buffer.alloc(96 + name.length)
  file.writeUInt32LE(24, 0)
  file.write('TFL3', 4, 'latin1')
  // table of the model at 24 with its vtable at 8: field 1 lies 8 bytes into the table
  file.writeUInt16LE(8, 8)
  file.writeUInt16LE(12, 10)
  file.writeUInt16LE(0, 12)
  file.writeUInt16LE(8, 14)
  file.writeInt32LE(16, 24)
  file.writeUInt32LE(8, 32)
  // vector at 40, one entry, the operator's table at 64 with its vtable at 48
  file.writeUInt32LE(1, 40)
  file.writeUInt32LE(20, 44)
  file.writeUInt16LE(8, 48)
  file.writeUInt16LE(12, 50)
  file.writeUInt16LE(4, 52)
  file.writeUInt16LE(8, 54)
  file.writeInt32LE(16, 64)
  file.writeUInt8(32, 68)
  file.writeUInt32LE(8, 72)
  file.writeUInt32LE(name.length, 80)
  file.write(name, 84, 'latin1')
  return file
}

const NUMPY: readonly Sample[] = [
  {
    name: 'objects.npy',
    bytes: npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", payload(4)),
    rule: 'npy-object',
  },
  {
    name: 'objects-payload.npy',
    bytes: npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", payload(4)),
    rule: 'pickle-dangerous-global',
    reference: 'picklescan dns_exfiltration.npy',
  },
  {
    name: 'objects-in-structure.npy',
    bytes: npy(
      "{'descr': [('a', '|O'), ('b', '<f8')], 'fortran_order': False, 'shape': (1,), }",
      payload(4),
    ),
    rule: 'npy-object',
  },
  {
    name: 'header-is-code.npy',
    bytes: npy(
      "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }",
      Buffer.alloc(8),
    ),
    rule: 'npy-header',
  },
  {
    name: 'wrong-size.npy',
    bytes: npy("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", Buffer.alloc(8)),
    rule: 'npy-size',
  },
  {
    name: 'objects.npz',
    bytes: buildZip([
      {
        name: 'a.npy',
        content: npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", payload(4)),
      },
    ]),
    rule: 'pickle-dangerous-global',
  },
]

/** Formats that are not served without an exception, with what must not be in them at all. */
export const GRAPHS: readonly Sample[] = [...KERAS, ...ONNX, ...TENSORFLOW, ...NUMPY]

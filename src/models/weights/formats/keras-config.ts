import type { Json } from '../bytes/strict-json.ts'
import type { Scan } from '../scan.ts'

/** Modules of Keras whose functions a layer may name: activations, initializers and the like. */
const FUNCTION_MODULES =
  /^(?:keras|keras\.src|tf_keras|tf_keras\.src|tensorflow\.keras|tensorflow\.python\.keras)\.(?:activations|initializers|regularizers|constraints|losses|metrics|optimizers|layers)(?:\.|$)/
/** Packages that come with Keras itself. */
const KERAS = /^(?:keras|tf_keras|keras_core|tensorflow\.keras|tensorflow\.python\.keras)(?:\.|$)/
/** Libraries of the same house, from which Keras itself takes classes when it loads a model (serialization_lib). */
const KERAS_HUB = /^keras_(?:hub|cv|nlp)(?:\.|$)/
const CLASS = /^[A-Z]\w*$/
/** Not published modules of Keras: loading them reaches what its layers do not (CVE-2025-8747). */
const UTILITIES =
  /^[\w.]+\.(?:utils|config|saving|models|ops|backend|legacy|export|distribution|wrappers|trainers|datasets|applications|quantizers)(?:\.|$)/
/** Built-in types that configurations name; of other built-ins, some run code. */
const PLAIN_TYPES = new Set(
  'slice tuple list dict set int float bool str bytes complex NoneType ellipsis function'.split(
    ' ',
  ),
)
/** Layers that run what they carry. */
const CODE_LAYERS = new Set([
  'Lambda',
  '__lambda__',
  'TorchModuleWrapper',
  'JaxLayer',
  'FlaxLayer',
  'TFSMLayer',
])
/** Layers that read a vocabulary from a path when they are given one (CVE-2025-12058). */
const VOCABULARY_LAYERS = new Set([
  'StringLookup',
  'IntegerLookup',
  'IndexLookup',
  'TextVectorization',
])

/** Whether a value is the configuration of a Keras object: a class name with its configuration. */
export const isKerasObject = (value: ReadonlyMap<string, Json>): boolean =>
  typeof value.get('class_name') === 'string' && (value.has('config') || value.has('module'))

/** Judges one object of a Keras configuration; the caller visits every object. */
export function judgeKerasObject(value: ReadonlyMap<string, Json>, scan: Scan): void {
  const named = value.get('class_name')
  const className = typeof named === 'string' ? named : ''
  const module = value.get('module')
  const config = value.get('config')
  const at = { at: className }
  const layer = className.split('>').at(-1) ?? className
  const registered = value.get('registered_name')
  // a registered name goes before the class name, and `spec_name` is called with what the configuration holds
  const carrier = [layer, textAfter(registered), textAfter(value.get('spec_name'))].find((name) =>
    CODE_LAYERS.has(name),
  )
  if (carrier !== undefined) {
    scan.report('keras-lambda', at, carrier)
    return
  }
  if (className === '__typespec__') {
    scan.report('keras-outside-module', at, textAfter(value.get('spec_name')))
  }
  const hasModule = typeof module === 'string' && module !== ''
  const isPlain = module === 'builtins' && PLAIN_TYPES.has(className)
  const isOfHouse = hasModule && KERAS_HUB.test(module) && CLASS.test(className)
  if (hasModule && !isPlain && !isOfHouse && !KERAS.test(module)) {
    scan.report('keras-outside-module', at, `${module}.${className}`)
  } else if (hasModule && className === 'function' && !FUNCTION_MODULES.test(module)) {
    scan.report(
      'keras-function',
      at,
      `${module}.${typeof config === 'string' ? config : className}`,
    )
  } else if (hasModule && !isOfHouse && UTILITIES.test(module) && !isModel(className)) {
    scan.report('keras-function', at, `${module}.${className}`)
  }
  const own = [registered, className].find(
    (name) => typeof name === 'string' && /^(?!keras)[^>]+>/.test(name),
  )
  if (!hasModule && typeof own === 'string') scan.report('keras-custom-object', at, own)
  if (config instanceof Map && VOCABULARY_LAYERS.has(layer)) {
    for (const key of ['vocabulary', 'idf_weights']) {
      const path: unknown = config.get(key)
      if (typeof path === 'string' && path !== '') scan.report('keras-file-access', at, path)
    }
  }
}

/** The part of a name after its package, or nothing. */
const textAfter = (value: unknown): string =>
  typeof value === 'string' ? (value.split('>').at(-1) ?? '') : ''

const isModel = (className: string): boolean => /^(?:Functional|Sequential|Model)$/.test(className)

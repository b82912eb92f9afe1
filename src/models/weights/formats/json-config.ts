import { leadsOut } from '../archive/member-name.ts'
import type { Json } from '../bytes/strict-json.ts'
import type { Scan } from '../scan.ts'
import { judgeTargets } from './call-target.ts'
import { mayExplode } from './regex-cost.ts'
import { objectsIn } from './visit-json.ts'
import { scanTemplate } from '../template/scan-template.ts'

/** Libraries whose classes diffusers and peft load by name without code from the folder. */
const LIBRARIES =
  /^(?:transformers|diffusers|onnxruntime|optimum|peft|timm|open_clip|torch|tokenizers|safetensors|sentence_transformers|stable_diffusion|null)(?:\.|$)/
const SKOPS_MODULES = /^(?:sklearn|numpy|scipy|builtins|collections)(?:\.|$)/
/** Parts of those packages that run programs, fetch files or open libraries, and no estimator comes from. */
const SKOPS_REACHES =
  /\.(?:testing|_testing|f2py|distutils|externals|datasets|ctypeslib|io|compat|_lib|conftest|tests)(?:\.|$)/
/** Types of Python that hold values; `map` is how skops names a dictionary's items. */
const SKOPS_PLAIN = new Set(
  'list set tuple dict frozenset int float complex str bool bytes bytearray slice range map NoneType'.split(
    ' ',
  ),
)
const SKOPS_CODE = new Set(['FunctionNode', 'MethodNode', 'PartialNode', 'OperatorFuncNode'])

/** Judges one object of a configuration for what asks a loader to run code or carries a template. */
export function judgeConfigObject(object: ReadonlyMap<string, Json>, scan: Scan): void {
  const autoMap = object.get('auto_map')
  // tokenizers of before 2022 have a list here
  const mapped = autoMap instanceof Map ? [...autoMap.values()] : [autoMap ?? []].flat()
  if (mapped.length > 0) scan.report('remote-code', { at: 'auto_map' }, textsIn(mapped))
  const trust = object.get('trust_remote_code')
  if (Boolean(trust) && trust !== 'false') scan.report('remote-code', { at: 'trust_remote_code' })
  judgeTargets((key) => object.get(key), scan)
  for (const [key, value] of object) {
    if (IMPLEMENTATION.test(key)) judgeImplementation(key, value, scan)
  }
  // peft imports the module that stands there (tuners/lora, megatron)
  const core = object.get('megatron_core')
  if (typeof core === 'string' && !/^megatron\.core(?:\.|$)/.test(core)) {
    scan.report('remote-code', { at: 'megatron_core' }, core)
  }
  for (const key of ['custom_pipelines', 'custom_pipeline', 'custom_generate']) {
    const value = object.get(key)
    if (value !== undefined && value !== null && value !== false) {
      scan.report('remote-code', { at: key })
    }
  }
  const parent = object.get('parent_library')
  if (typeof parent === 'string' && !LIBRARIES.test(parent)) {
    scan.report('remote-code', { at: 'parent_library' }, parent)
  }
  judgeTemplates(object, scan)
}

/** How a layer is computed: by a name of the library, or by native kernels or code fetched from a repository. */
const IMPLEMENTATION = /(?:^|_)implementation(?:_|$)/
const REPOSITORY = /^[^/:\s]+\/[^/:\s]+/

/** One name, or one for each part of the model (transformers/integrations/hub_kernels.py; CVE-2026-4372). */
function judgeImplementation(key: string, value: Json, scan: Scan): void {
  const named: readonly unknown[] = value instanceof Map ? [...value.values()] : [value]
  for (const each of named) {
    if (typeof each === 'string' && REPOSITORY.test(each)) {
      scan.report('remote-code', { at: key }, each)
    }
  }
}

const textsIn = (values: readonly unknown[]): string =>
  values
    .flat()
    .filter((value) => typeof value === 'string')
    .join(', ')

/** `chat_template` is one text, or a list of named ones. */
function judgeTemplates(object: ReadonlyMap<string, Json>, scan: Scan): void {
  const template = object.get('chat_template')
  if (typeof template === 'string') scanTemplate(template, 'chat_template', scan)
  if (template instanceof Map) {
    for (const [name, text] of template) {
      if (typeof text === 'string') scanTemplate(text, `chat_template.${String(name)}`, scan)
    }
  }
  if (!Array.isArray(template)) return
  const named: readonly unknown[] = template
  for (const each of named) {
    if (!(each instanceof Map)) continue
    const name: unknown = each.get('name')
    const text: unknown = each.get('template')
    if (typeof text === 'string') scanTemplate(text, `chat_template.${String(name)}`, scan)
  }
}

/** Files that only some names give a meaning to: indexes of shards, lists of modules and pipelines. */
export function judgeByName(root: Json, scan: Scan): void {
  const name = scan.name.split('/').at(-1) ?? ''
  if (name.endsWith('.index.json') && root instanceof Map) judgeIndex(root, scan)
  if (name === 'modules.json' && Array.isArray(root)) judgeModules(root, scan)
  if (/(?:^|\/)MAR-INF\/MANIFEST\.json$/.test(scan.name) && root instanceof Map) {
    judgeServeManifest(root, scan)
  }
  if (name === 'model_index.json' && root instanceof Map) judgePipeline(root, scan)
  if (name === 'adapter_config.json' && root instanceof Map) {
    const base = root.get('base_model_name_or_path')
    if (typeof base === 'string' && base !== '') scan.fact('base_model', base)
  }
  if (name === 'tokenizer.json') judgePatterns(root, scan)
  if (name === 'router_config.json' && root instanceof Map) judgeRouter(root, scan)
}

/** Patterns that split texts: whoever sends a text chooses what they are matched with. */
function judgePatterns(root: Json, scan: Scan): void {
  for (const object of objectsIn(root, () => scan.budget.step())) {
    const pattern = object.get('Regex')
    if (typeof pattern === 'string' && mayExplode(pattern)) {
      scan.report('tokenizer-pattern', {}, pattern)
    }
  }
}

/** The manifest of a TorchServe archive names the code that handles requests; handlers of its own have no ending. */
function judgeServeManifest(manifest: ReadonlyMap<string, Json>, scan: Scan): void {
  const model = manifest.get('model')
  if (!(model instanceof Map)) return
  for (const key of ['handler', 'envelope']) {
    const code: unknown = model.get(key)
    if (typeof code === 'string' && !/^\w+$/.test(code)) {
      scan.report('remote-code', { at: key }, code)
    }
  }
  // what the server installs before it loads the model
  const list: unknown = model.get('requirementsFile')
  if (typeof list === 'string' && list !== '') {
    scan.report('remote-code', { at: 'requirementsFile' }, list)
  }
}

function judgeIndex(index: ReadonlyMap<string, Json>, scan: Scan): void {
  const map = index.get('weight_map')
  if (!(map instanceof Map)) return
  for (const shard of new Set<unknown>(map.values())) {
    if (typeof shard !== 'string') continue
    if (leadsOut(shard)) scan.report('index-path-escape', {}, shard)
    else if (scan.depth === 0 && scan.neighbours.sizeOf(shard) === null) {
      scan.report('index-shard-missing', {}, shard)
    }
  }
}

/** modules.json of sentence-transformers names the class of each step, which is imported. */
function judgeModules(list: readonly unknown[], scan: Scan): void {
  for (const each of list) {
    const type: unknown = each instanceof Map ? each.get('type') : undefined
    if (typeof type === 'string' && !/^sentence_transformers\.[\w.]+$/.test(type)) {
      scan.report('remote-code', { at: 'modules.json' }, type)
    }
    const path: unknown = each instanceof Map ? each.get('path') : undefined
    if (typeof path === 'string' && leadsOut(path)) scan.report('index-path-escape', {}, path)
  }
}

/** The router of sentence-transformers imports the class of each of its modules. */
function judgeRouter(router: ReadonlyMap<string, Json>, scan: Scan): void {
  const types = router.get('types')
  if (!(types instanceof Map)) return
  for (const type of new Set<unknown>(types.values())) {
    if (typeof type === 'string' && !/^sentence_transformers\.[\w.]+$/.test(type)) {
      scan.report('remote-code', { at: 'types' }, type)
    }
  }
}

/** model_index.json of diffusers: a pair of library and class for each part. */
function judgePipeline(index: ReadonlyMap<string, Json>, scan: Scan): void {
  for (const [part, pair] of index) {
    const library: unknown = Array.isArray(pair) ? pair[0] : undefined
    if (typeof library === 'string' && !LIBRARIES.test(library)) {
      scan.report('remote-code', { at: part }, library)
    }
  }
}

/** One node of a skops schema: the type that loading builds. */
export function judgeSkopsNode(node: ReadonlyMap<string, Json>, scan: Scan): void {
  const module = node.get('__module__')
  const loader = node.get('__loader__')
  const className = node.get('__class__')
  if (typeof loader !== 'string') return
  const foreign =
    typeof module === 'string' && (!SKOPS_MODULES.test(module) || SKOPS_REACHES.test(module))
  const isPlain = typeof className === 'string' && SKOPS_PLAIN.has(className)
  const isCode = module === 'builtins' && !isPlain
  if (foreign || isCode || SKOPS_CODE.has(loader)) {
    scan.report('skops-type', {}, textsIn([module, className]))
  }
}

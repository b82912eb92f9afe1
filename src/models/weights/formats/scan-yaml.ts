import { isAlias, isMap, isScalar, parseAllDocuments, visit, type Document, type Pair } from 'yaml'
import { leadsOut } from '../archive/member-name.ts'
import { OutOfBudget } from '../budget.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { strictUtf8 } from '../bytes/utf8.ts'
import type { Scan } from '../scan.ts'
import { judgeTarget, judgeTargets } from './call-target.ts'
import { probePickle } from '../pickle/scan-pickle.ts'
import { expandsTooFar } from './yaml-aliases.ts'

/** Configurations of models have some kilobytes; parsers of YAML take longer than the text grows. */
const LONGEST = 1024 * 1024
/** More anchors, or brackets that stay open, than any configuration has. */
const MOST_ANCHORS = 4000
const DEEPEST = 500
/** Tags of PyYAML that make objects and call functions; those of plain values, of which tuples are common, do neither. */
const PYTHON_TAG =
  /^(?:tag:yaml\.org,2002:|!!?)python\/(?!(?:tuple|list|dict|str|unicode|bytes|int|long|float|complex|bool|none)$)/
const PYTHON_WORD = /!(?:!|<tag:yaml\.org,2002:)python\/(?!tuple\b)[\w/:.]+/g
const TARGET_WORD = /["']?_target_["']?\s*:\s*["']?([\w.]+)/g

/** Judges YAML for what its loader would call; text that is no YAML is searched for the same words. */
export function scanYaml(source: ByteSource, scan: Scan): void {
  if (source.size > LONGEST) throw new OutOfBudget('member')
  const text = strictUtf8(source.read(0, source.size)) ?? ''
  scan.budget.step(text.length)
  if (isOverdone(text)) {
    scan.report('yaml-unreadable')
    searchWords(text, scan)
    return
  }
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false })
  const all = Array.isArray(documents) ? documents : []
  const isWhole = all.every(({ errors }) => errors.length === 0)
  if (!isWhole) {
    scan.report('yaml-unreadable')
    searchWords(text, scan)
  }
  if (all.some((document) => expandsTooFar(document))) scan.report('yaml-unreadable')
  probePickle(source, 0, scan, true)
  const isFlavour = /(?:^|\/)MLmodel$/.test(scan.name)
  for (const document of all) {
    visit(document, {
      Node(_, node) {
        const tag: unknown = 'tag' in node ? node.tag : undefined
        if (typeof tag === 'string') judgeTag(tag, scan)
      },
      Pair(_, pair) {
        judgePair(pair, document, isFlavour, scan)
      },
    })
  }
}

/** Tags by which HyperPyYAML makes objects, calls functions and imports modules (SpeechBrain loads its models so). */
const HYPER_TAG = /^!(?:new|apply|name|module):(.+)$/
const HYPER_OWN =
  /^(?:speechbrain\.[\w.]+|torch\.(?:nn|optim)\.[\w.]*\.?[A-Z]\w*|torchaudio\.transforms\.[A-Z]\w*|torch\.manual_seed|torch\.FloatTensor)$/
const REACHES = /(?:^|\.)(?:os|sys|subprocess|builtins|importlib|pickle|__\w+__)(?:\.|$)/

function judgeTag(tag: string, scan: Scan): void {
  if (PYTHON_TAG.test(tag)) {
    scan.report('yaml-python', {}, tag)
    return
  }
  const included = /^!include:(.+)$/.exec(tag)?.[1]
  if (included !== undefined && leadsOut(included)) scan.report('config-target', {}, tag)
  const target = HYPER_TAG.exec(tag)?.[1]
  if (target === undefined || (HYPER_OWN.test(target) && !REACHES.test(target))) return
  scan.report('config-target', {}, tag)
}

/** Whether parsing takes much longer than the text is long: anchors by the thousand, lists in lists in lists. */
function isOverdone(text: string): boolean {
  let [anchors, depth] = [0, 0]
  for (const [mark] of text.matchAll(/[&[\]{}]/g)) {
    if (mark === '&') anchors += 1
    else depth += mark === '[' || mark === '{' ? 1 : -1
    if (anchors > MOST_ANCHORS || depth > DEEPEST) return true
  }
  return false
}

/** The plain value of a node, by way of an alias too. */
function plainOf(node: unknown, document: Document): unknown {
  const meant = isAlias(node) ? node.resolve(document) : node
  return isScalar(meant) ? meant.value : null
}

function judgePair({ key, value }: Pair, document: Document, isFlavour: boolean, scan: Scan): void {
  const name = plainOf(key, document)
  const given = plainOf(value, document)
  judgeTargets((wanted) => (wanted === name ? given : undefined), scan)
  if (!isFlavour || name !== 'python_function' || !isMap(value)) return
  // what MLflow imports, and the folder that it puts before all others (MLmodel, flavour python_function)
  const loader: unknown = value.get('loader_module')
  const code: unknown = value.get('code')
  if (typeof loader === 'string' && !/^mlflow\.\w+(?:\.\w+)*$/.test(loader)) {
    scan.report('remote-code', { at: 'loader_module' }, loader)
  }
  // a model written as code is that code
  const written: unknown = value.get('model_code_path')
  if (typeof written === 'string' && written !== '') {
    scan.report('remote-code', { at: 'model_code_path' }, written)
  }
  if (typeof code === 'string' && code !== '') scan.report('remote-code', { at: 'code' }, code)
}

function searchWords(text: string, scan: Scan): void {
  for (const [word] of text.matchAll(PYTHON_WORD)) scan.report('yaml-python', {}, word)
  for (const [, target = ''] of text.matchAll(TARGET_WORD)) judgeTarget(target, '_target_', scan)
}

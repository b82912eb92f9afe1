import type { ByteSource } from './bytes/byte-source.ts'
import { isPickleName, isWeightsName } from './extensions.ts'
import { scanJson } from './formats/scan-json.ts'
import { scanOnnx } from './formats/scan-onnx.ts'
import { scanXml } from './formats/scan-xml.ts'
import { scanYaml } from './formats/scan-yaml.ts'
import { scanTextGraph } from './formats/text-graph.ts'
import { probePickle, scanPickle } from './pickle/scan-pickle.ts'
import type { Scan } from './scan.ts'
import { scanTemplate } from './template/scan-template.ts'

const LONGEST_TEMPLATE = 1024 * 1024
const SCRIPTS =
  /\.(?:sh|bash|zsh|bat|cmd|ps1|vbs|pl|rb|lua|js|mjs|php|hta|desktop|mk)$|(?:^|\/)(?:Makefile|Dockerfile|Containerfile)(?:\.\w+)?$/i
const PYTHON = /\.(?:py|pyw|pyx|pyi|ipynb)$/i
const INSTALLED =
  /(?:^|\/)(?:requirements[\w.-]*\.(?:txt|in)|conda\.ya?ml|environment\.ya?ml|pyproject\.toml)$/i
/** A package that comes from an address or an index of the file's own choice, not from the one of the house. */
const FROM_ELSEWHERE =
  /(?:--(?:extra-)?index-url|--find-links|--trusted-host|\B-[if])[ =]\S+|\b(?:git|hg|svn|bzr)\+\w+:\/\/\S+|@\s*(?:https?|file):\/\/\S+|^\s*-?\s*(?:https?|file):\/\/\S+/im
/** Names that transformers, sentence-transformers, inference endpoints and torch packages import by themselves. */
const LOADED_CODE =
  /(?:^|\/)(?:modeling_\w*|configuration_\w*|tokenization_\w*|processing_\w*|image_processing_\w*|feature_extraction_\w*|handler|pipeline|hubconf|setup|sitecustomize|conftest|custom_generate\/generate)\.py$/

/** Judges text by its name; the format it turned out to be. */
export function scanText(content: 'text' | 'script', source: ByteSource, scan: Scan): string {
  const { name } = scan
  const start = Buffer.from(source.read(0, 200)).toString('utf8')
  if (start.startsWith('version https://git-lfs.github.com/spec/')) {
    if (isWeightsName(name) || source.size < 200) scan.report('pointer-file')
    return 'git-lfs-pointer'
  }
  if (PYTHON.test(name)) {
    scan.report(LOADED_CODE.test(name) ? 'loader-code' : 'python-code')
    return 'python'
  }
  if (INSTALLED.test(name)) {
    const list = Buffer.from(source.read(0, Math.min(source.size, LONGEST_TEMPLATE)))
    const found = FROM_ELSEWHERE.exec(list.toString('utf8'))
    if (found !== null) scan.report('install-address', { offset: found.index }, found[0].trim())
  }
  if (content === 'script' || SCRIPTS.test(name)) {
    scan.report('script')
    return 'script'
  }
  if (/\.json$/i.test(name)) {
    scanJson(source, scan)
    return 'json'
  }
  if (/\.ya?ml$/i.test(name) || /(?:^|\/)MLmodel$/.test(name)) {
    scanYaml(source, scan)
    return 'yaml'
  }
  if (/\.(?:xml|pmml)$/i.test(name)) return scanXml(source, scan)
  if (/\.(?:jinja2?|j2)$/i.test(name)) {
    templateFile(source, scan)
    return 'jinja'
  }
  if (/\.pbtxt$/i.test(name)) {
    scanTextGraph(source, scan)
    return 'protobuf-text'
  }
  // every byte of a graph can be a letter
  if (/\.onnx$/i.test(name)) {
    scanOnnx(source, scan)
    return 'onnx'
  }
  if (isPickleName(name) && !/\.(?:data|dat|model)$/i.test(name)) {
    return scanPickle(source, scan)
  }
  if (probePickle(source, 0, scan, true)) return 'pickle'
  return 'text'
}

function templateFile(source: ByteSource, scan: Scan): void {
  if (source.size > LONGEST_TEMPLATE) {
    scan.report('template-unreadable')
    return
  }
  const text = Buffer.from(source.read(0, source.size)).toString('utf8')
  scanTemplate(text, scan.name.split('/').at(-1) ?? 'template', scan)
}

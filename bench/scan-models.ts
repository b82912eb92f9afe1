// `node bench/scan-models.ts [--python PATH] [--models DIR]... [--write]`: model file scanners on one corpus.
// --python: an interpreter that has modelscan, picklescan and fickling installed; without it only our own figures.
// --models: folders of models known to be harmless, for false alarms. --write replaces bench/MODEL-SCAN.md.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { inMemory } from '../src/models/weights/bytes/byte-source.ts'
import { nodeTree } from '../src/models/weights/node-tree.ts'
import { RULES } from '../src/models/weights/rules.ts'
import { scanFile } from '../src/models/weights/scan-file.ts'
import { scanTree } from '../src/models/weights/scan-tree.ts'
import { bytes, proto, STOP, text } from '../src/models/weights/testing/build-pickle.ts'
import { gguf, safetensors, textValue } from '../src/models/weights/testing/build-weights.ts'
import { ARCHIVES } from '../src/models/weights/testing/corpus-archives.ts'
import { BOMBS } from '../src/models/weights/testing/corpus-bombs.ts'
import { CLEAN } from '../src/models/weights/testing/corpus-clean.ts'
import { CONFIGURATIONS } from '../src/models/weights/testing/corpus-configurations.ts'
import { DETOURS_OF_ARCHIVES } from '../src/models/weights/testing/corpus-detours-archives.ts'
import { DETOURS } from '../src/models/weights/testing/corpus-detours.ts'
import { GRAPHS } from '../src/models/weights/testing/corpus-graphs.ts'
import { HELD_OUT } from '../src/models/weights/testing/corpus-held-out.ts'
import { HDF5 } from '../src/models/weights/testing/corpus-hdf5.ts'
import { PICKLES } from '../src/models/weights/testing/corpus-pickles.ts'
import { TEMPLATES } from '../src/models/weights/testing/corpus-templates.ts'
import { WEIGHTS } from '../src/models/weights/testing/corpus-weights.ts'
import type { Sample } from '../src/models/weights/testing/corpus.ts'

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    models: { type: 'string', multiple: true },
    write: { type: 'boolean' },
  },
})

type Said = 'flagged' | 'passed' | 'unread'
const OURS = 'Écluse'

/** Samples that must be refused; notes, what only cannot be read, and classes that nobody knows are no attacks. */
const attacks = (samples: readonly Sample[]): readonly Sample[] =>
  samples.filter(
    ({ name, rule }) =>
      rule !== null && RULES[rule].effect === 'forbid' && !name.startsWith('stranger-'),
  )

const GROUPS: readonly { readonly title: string; readonly samples: readonly Sample[] }[] = [
  { title: 'pickles', samples: attacks(PICKLES) },
  { title: 'archives', samples: attacks(ARCHIVES) },
  { title: 'HDF5', samples: attacks(HDF5) },
  { title: 'Keras, ONNX, TensorFlow, numpy', samples: attacks(GRAPHS) },
  { title: 'safetensors and GGUF', samples: attacks(WEIGHTS) },
  { title: 'chat templates', samples: attacks(TEMPLATES) },
  { title: 'configurations, code, programs', samples: attacks(CONFIGURATIONS) },
  {
    title: 'known attacks put in another way',
    samples: attacks([...DETOURS, ...DETOURS_OF_ARCHIVES, ...HELD_OUT]),
  },
  { title: 'bombs of processor time', samples: attacks(BOMBS) },
  {
    title: 'clean files',
    samples: [
      ...CLEAN,
      ...[...HDF5, ...BOMBS, ...HELD_OUT, ...DETOURS, ...DETOURS_OF_ARCHIVES].filter(
        ({ rule }) => rule === null,
      ),
    ],
  },
]

interface Row {
  readonly group: string
  readonly name: string
  readonly said: Record<string, Said>
}

const folder = mkdtempSync(join(tmpdir(), 'scan-bench-'))
try {
  const rows = scanCorpus()
  const { peers, versions } = askPeers(rows)
  const page = report(rows, [OURS, ...peers], versions)
  console.log(page)
  if (values.write === true) writeFileSync(join(import.meta.dirname, 'MODEL-SCAN.md'), page)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function scanCorpus(): readonly Row[] {
  return GROUPS.flatMap(({ title, samples }) =>
    samples.map(({ name, bytes: content }) => {
      const path = join(folder, title.replaceAll(/\W+/g, '-'), name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      const { verdict } = scanFile({ path: name, source: inMemory(content) }).report
      const said: Said =
        verdict === 'forbidden' ? 'flagged' : verdict === 'clean' ? 'passed' : 'unread'
      return { group: title, name: path, said: { [OURS]: said } }
    }),
  )
}

function askPeers(rows: readonly Row[]): {
  readonly peers: readonly string[]
  readonly versions: Readonly<Record<string, string>>
} {
  if (values.python === undefined) return { peers: [], versions: {} }
  const script = join(import.meta.dirname, 'scan-models', 'peers.py')
  const input = rows.map(({ name }) => `${name}\n`).join('')
  const output = execFileSync(values.python, [script], { input, maxBuffer: 64 * 1024 * 1024 })
  const lines = output
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  let versions: Record<string, string> = {}
  for (const line of lines) {
    const told: {
      versions?: Record<string, string>
      path?: string
      said?: Record<string, { verdict: Said }>
    } = JSON.parse(line)
    if (told.versions) versions = told.versions
    const row = rows.find(({ name }) => name === told.path)
    for (const [peer, { verdict }] of Object.entries(told.said ?? {})) {
      if (row) row.said[peer] = verdict
    }
  }
  return { peers: Object.keys(versions), versions }
}

function report(
  rows: readonly Row[],
  names: readonly string[],
  versions: Readonly<Record<string, string>>,
): string {
  const titles = names.map((name) => (versions[name] ? `${name} ${versions[name]}` : name))
  return `# Scanning model files, beside other scanners

Written by \`node bench/scan-models.ts --write\`. The corpus is made at run time (\`src/models/weights/testing\`): each file shows
one trick that was published or that the format allows. It is our own corpus, and we know it: the figures of others say what
they were not made for as much as what they miss. Scanners run as their own libraries, with what they look for by default.

Attacks that were flagged, and in brackets those that the scanner could not read or skipped:

| attacks | files | ${titles.join(' | ')} |
|---|---|${names.map(() => '---|').join('')}
${GROUPS.filter(({ title }) => title !== 'clean files')
  .map(({ title }) => line(title, rows, names))
  .join('\n')}

Clean files, as their own libraries write them: false alarms, and in brackets what could not be read or was skipped:

| | files | ${titles.join(' | ')} |
|---|---|${names.map(() => '---|').join('')}
${line('clean files', rows, names)}
${realModels()}
## Speed

Processor time of one core, this machine, the median of nine runs in one process.

${speed()}
`
}

function line(title: string, rows: readonly Row[], names: readonly string[]): string {
  const own = rows.filter(({ group }) => group === title)
  const cells = names.map((name) => {
    const count = (said: Said): number => own.filter((row) => row.said[name] === said).length
    return `${count('flagged')} (${count('unread')})`
  })
  return `| ${title} | ${own.length} | ${cells.join(' | ')} |`
}

function realModels(): string {
  const paths = values.models ?? []
  if (paths.length === 0) return ''
  const lines = paths.map((path) => {
    const tree = nodeTree(path)
    if (tree === null) return `| ${path} | not there | | | |`
    const before = process.cpuUsage()
    const { files, verdict, exceptions } = scanTree({ root: path, tree })
    const size = files.reduce((sum, file) => sum + file.size, 0)
    const rules = [...new Set(files.flatMap((file) => file.findings.map(({ rule }) => rule)))]
    const needs = exceptions.map(({ kind }) => kind).join(', ')
    return `| ${path.split('/').at(-1)} | ${(size / 1e6).toFixed(1)} | ${ms(before)} | ${verdict} | ${needs} | ${rules.join(', ')} |`
  })
  return `
Published models:

| model | MB | ms | verdict | served with an exception for | findings |
|---|---|---|---|---|---|
${lines.join('\n')}
`
}

function ms(before: NodeJS.CpuUsage): string {
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / 1000).toFixed(1)
}

/** Megabytes a second of processor time. */
function rate(name: string, content: Buffer): string {
  const scan = (): unknown => scanFile({ path: name, source: inMemory(content) })
  const runs = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage()
    scan()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  })
  const seconds = runs.toSorted((a, b) => a - b)[4] ?? Number.NaN
  return `| ${(content.length / 1e6).toFixed(1)} | ${(seconds * 1000).toFixed(1)} | ${(content.length / 1e6 / seconds).toFixed(0)} |`
}

function speed(): string {
  const words = Array.from({ length: 1_000_000 }, (_, index) =>
    bytes(text(`word${index}`), 'J', Buffer.alloc(4, index % 100)),
  )
  const vocabulary = bytes(proto(2), '}(', Buffer.concat(words), 'u', STOP)
  const tensors = Array.from(
    { length: 20_000 },
    (_, index) => [`layers.${index}.weight`, [4]] as const,
  )
  const keys = Array.from(
    { length: 500 },
    (_, index) => [`x.k${index}`, textValue(`value ${index}`)] as const,
  )
  const noise = bytes(
    Buffer.from('894844460d0a1a0a', 'hex'),
    ...Array.from({ length: 64 }, (_, index) => Buffer.alloc(1_000_000, index)),
  )
  return `| file | MB | ms | MB/s |
|---|---|---|---|
| pickle of a million words and numbers ${rate('x.pkl', vocabulary)}
| safetensors of 20,000 tensors (its header is read) ${rate('x.safetensors', safetensors(tensors))}
| GGUF of 500 keys and 2,000 tensors ${rate(
    'x.gguf',
    gguf(
      keys,
      Array.from({ length: 2000 }, (_, index) => ({ name: `t${index}`, shape: [8] })),
    ),
  )}
| HDF5 without a structure, searched ${rate('x.h5', noise)}`
}

// Classification: what it finds, what it takes for something it is not, and how fast, beside others. See bench/README.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownCorpus } from './classify/corpus/own-corpus.ts'
import { qualityOf } from './classify/figures.ts'
import type { Job } from './classify/job.ts'
import { measure, type Measured } from './classify/measure.ts'
import { installPeer, OURS, PEERS, type Subject } from './classify/peers.ts'
import { readData } from './classify/read-data.ts'
import { head, qualityTables, sourcesTable, speedTables, subjectsTable } from './classify/report.ts'
import type { Row } from './classify/row.ts'
import { cleanTexts, HOSTILE, SIZES } from './classify/speed-texts.ts'

const RESULTS = join(import.meta.dirname, 'CLASSIFY.md')

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: '' },
    'peers-dir': { type: 'string' },
    data: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    predictions: { type: 'string' },
    'limit-minutes': { type: 'string', default: '20' },
    write: { type: 'boolean', default: false },
  },
})

/** Milliseconds that one step of a peer may take, and one of ours. */
const PEER_STEP_MS = 5_000
const OURS_STEP_MS = 120_000
/** And all of ours. */
const OURS_LIMIT_MS = 60 * 60_000

const hasQuality = values.only !== 'speed'
const hasSpeed = values.only !== 'quality'
const data = values.data !== undefined && hasQuality ? readData(values.data) : []
const own = hasQuality && (values.data === undefined || values.write) ? ownCorpus() : []
const job: Job = {
  rows: [...own, ...data].map(({ id, text, lang }) => ({ id, text, lang })),
  clean: hasSpeed ? cleanTexts() : { whole: '', messages: [] },
  hostile: hasSpeed ? HOSTILE : [],
  sizes: values.quick ? SIZES.filter((size) => size <= 1_000_000) : SIZES,
  stepLimitMs: PEER_STEP_MS,
}
const note = (line: string): void => void process.stderr.write(`${line}\n`)

const work = values['peers-dir'] ?? mkdtempSync(join(tmpdir(), 'ecl-peers-'))
mkdirSync(work, { recursive: true })
try {
  const subjects = [OURS, ...peers()]
  const measured: Measured[] = []
  for (const subject of subjects) {
    note(`${subject.name}…`)
    // ours is shown at every size, however long it takes
    measured.push(
      subject === OURS
        ? await measure(subject, { ...job, stepLimitMs: OURS_STEP_MS }, OURS_LIMIT_MS)
        : await measure(subject, job, Number(values['limit-minutes']) * 60_000),
    )
  }
  if (values.predictions !== undefined) writePredictions(values.predictions, measured)
  tell(measured)
} finally {
  if (values['peers-dir'] === undefined) rmSync(work, { recursive: true, force: true })
}

/** Other people's detectors, installed on request only; one that cannot be installed is named and left out. */
function peers(): readonly Subject[] {
  const asked = values.peers === 'all' ? Object.keys(PEERS) : values.peers.split(',')
  return asked
    .filter((name) => name !== '')
    .flatMap((name) => {
      try {
        note(`installing ${name}…`)
        return [installPeer(name, work)]
      } catch (error) {
        const [why = ''] = (error instanceof Error ? error.message : '').split('\n')
        note(`${name} could not be installed: ${why}`)
        return []
      }
    })
}

function tell(measured: readonly Measured[]): void {
  const corpora: readonly (readonly [string, readonly Row[]])[] = [
    ['Own corpora', own],
    ['Development data', data],
  ]
  const told = corpora
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => ({ title, rows, all: measured.map((one) => qualityOf(rows, one)) }))
  const page = [
    head(process.argv.slice(2), new Date().toISOString().slice(0, 10)),
    subjectsTable(measured),
    ...told.flatMap(({ title, rows, all }) => [
      qualityTables(title, rows, all),
      ...(title === 'Own corpora'
        ? []
        : [`### ${title}: where it comes from\n`, sourcesTable(rows), '']),
    ]),
    ...(hasSpeed ? [speedTables(measured, job)] : []),
  ].join('\n')
  if (values.json) {
    const figures = told.map(({ title, all }) => ({ corpus: title, subjects: all }))
    const speed = measured.map(({ predictions: _, ...rest }) => rest)
    console.log(JSON.stringify({ quality: figures, subjects: speed }, plainMaps, 1))
  } else console.log(page)
  if (values.write) writeFileSync(RESULTS, page)
}

function plainMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}

/** What each subject found, a file each, in the form that other scorers read. */
function writePredictions(folder: string, measured: readonly Measured[]): void {
  mkdirSync(folder, { recursive: true })
  for (const { name, predictions } of measured) {
    const lines = [...predictions.values()].map(({ id, spans, label }) =>
      JSON.stringify({ id, spans, label }),
    )
    writeFileSync(
      join(folder, `${name.replaceAll(/[^a-z-]/g, '_')}.jsonl`),
      `${lines.join('\n')}\n`,
    )
  }
}

await import('./classify-edges.ts')

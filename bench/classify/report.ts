import { cpus, release, totalmem } from 'node:os'
import type { Job } from './job.ts'
import { jsonRatio, lostAt, megabytes, SUMMARY, worstAt, type Quality } from './figures.ts'
import type { Measured } from './measure.ts'
import type { Row } from './row.ts'
import { anyType, typed, type Alarms, type Tally } from './score.ts'

type Cells = readonly string[]

const table = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const share = (value: number): string => value.toFixed(3)
const orNothing = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits)
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`

/** Options that name a place of one machine alone. */
const PLACES = /--(?:peers-dir|predictions)[= ]\S+ ?/g

const shownCommand = (options: readonly string[]): string =>
  ['npm run bench:classify --', ...options]
    .join(' ')
    .replaceAll(PLACES, '')
    .replace(/--data[= ]\S+/, '--data DIR')
    .trim()

export const head = (
  command: readonly string[],
  day: string,
): string => `# Classification beside others

Written by \`${shownCommand(command)}\` on ${day}. Machine: ${cpus().length} x ${cpus()[0]?.model ?? '?'} (shared), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}.
How it is measured, and what the corpora are: [README.md](README.md). Speeds are of one core of a shared machine: read the ratios.
`

/** Who was measured, and what became of it. */
export function subjectsTable(subjects: readonly Measured[]): string {
  const rows = subjects.map(({ name, version, note, broken, failedRows }) => [
    name,
    version,
    note,
    broken ?? (failedRows > 0 ? `threw at ${failedRows} texts` : 'came to its end'),
  ])
  return `## Subjects\n\n${table(['subject', 'version', 'set up as', 'how it ended'], rows)}\n`
}

/** Speed over clean text, and over hostile text. */
export function speedTables(subjects: readonly Measured[], job: Job): string {
  const reference = subjects[0] ?? null
  const pace = subjects.map(({ name, whole, messages }) => [
    name,
    orNothing(megabytes(whole), 2),
    whole ? `${(whole.bytes / 1e6).toFixed(2)} MB` : '-',
    orNothing(jsonRatio(whole, reference?.whole ?? null), 4),
    orNothing(megabytes(messages), 2),
    messages?.count ? ((1e3 * messages.ms) / messages.count).toFixed(0) : '-',
    orNothing(jsonRatio(messages, reference?.messages ?? null), 4),
  ])
  const titles = [
    'subject',
    'one text, MB/s',
    'of',
    'x JSON',
    '1 kB messages, MB/s',
    'us each',
    'x JSON',
  ]
  const hostile = subjects.map(({ name, hostile: steps }) => [
    name,
    ...job.sizes.map((size) => {
      const worst = worstAt(steps, size)
      const lost = lostAt(steps, size)
      const told = worst ? `${worst.ms.toFixed(1)} (${worst.name})` : '-'
      return lost > 0 ? `${told}; ${lost} lost` : told
    }),
  ])
  return [
    '## Speed',
    '',
    'French and English prose and code, nothing to find; `x JSON` is the time of `JSON.stringify` and `JSON.parse` over the',
    'same bytes in the same process, divided by the time of the subject (for Python, as our own process reads and writes JSON).',
    '',
    table(titles, pace),
    '',
    `Worst of ${job.hostile.length} hostile texts by size, milliseconds; lost: it threw, or a step would have taken more than ${job.stepLimitMs / 1000} s.`,
    '',
    table(['subject', ...job.sizes.map(sizeName)], hostile),
    '',
    '### Ours, each hostile text',
    '',
    table(['text', ...job.sizes.map(sizeName)], hostileRows(subjects[0], job)),
    '',
  ].join('\n')
}

const hostileRows = (subject: Measured | undefined, job: Job): readonly Cells[] =>
  job.hostile.map(({ name }) => [
    name,
    ...job.sizes.map((size) => {
      const step = subject?.hostile.find((one) => one.name === name && one.size === size)
      return step?.failed ?? orNothing(step?.ms ?? null, 1)
    }),
  ])

const sizeName = (size: number): string => (size >= 1e6 ? `${size / 1e6} MB` : `${size / 1e3} kB`)

/** What was found in one corpus: the summary, types, languages, false alarms. */
export function qualityTables(
  title: string,
  rows: readonly Row[],
  all: readonly Quality[],
): string {
  return [
    `## ${title}`,
    '',
    `${rows.length} texts, ${rows.reduce((sum, { spans }) => sum + spans.length, 0)} labelled spans.`,
    '',
    summaryTable(all),
    '',
    `### ${title}: by language, typed P / R / F1 and recall of any type`,
    '',
    byName(all, ({ byLanguage }) => byLanguage),
    '',
    `### ${title}: by corpus, typed P / R / F1 and recall of any type`,
    '',
    byName(all, ({ bySet }) => bySet),
    '',
    `### ${title}: identifiers alone by corpus, typed P / R / F1 and recall of any type`,
    '',
    byName(all, ({ identifiersBySet }) => identifiersBySet),
    '',
    `### ${title}: documents with nothing in them that were hit, any finding / identifier or secret`,
    '',
    alarmTable(all),
    '',
    `### ${title}: by type, ours`,
    '',
    typeTable(all[0]),
    '',
    ...(all.length > 1 ? [`### ${title}: by type, typed F1`, '', peerTypeTable(all), ''] : []),
  ].join('\n')
}

function summaryTable(all: readonly Quality[]): string {
  const titles = SUMMARY.flatMap(({ title }) => [`${title}: typed P / R / F1`, 'any type R'])
  const rows = all.map(({ name, rows: texts, groups, alarms, labels }) => [
    name,
    String(texts),
    ...SUMMARY.flatMap(({ title }) => {
      const figures = groups[title]
      if (!figures || figures.gold === 0) return ['-', '-']
      const { precision, recall, f1 } = figures.typed
      return [`${share(precision)} / ${share(recall)} / ${share(f1)}`, share(figures.any.recall)]
    }),
    perThousand(alarms.any),
    perThousand(alarms.structured),
    labels ? percent(labels.accuracy) : '-',
    labels ? percent(labels.under) : '-',
  ])
  const last = ['clean hit, per 1000: any', 'identifier or secret', 'four classes right', 'too low']
  return table(['subject', 'texts', ...titles, ...last], rows)
}

const perThousand = ({ rows, hit }: Alarms): string =>
  rows === 0 ? '-' : ((1000 * hit) / rows).toFixed(1)

function byName(
  all: readonly Quality[],
  tallies: (one: Quality) => ReadonlyMap<string, Tally>,
): string {
  const names = [...new Set(all.flatMap((one) => [...tallies(one).keys()]))].toSorted()
  const rows = names.map((name) => [
    name,
    ...all.map((one) => {
      const tally = tallies(one).get(name)
      if (!tally) return '-'
      const { precision, recall, f1 } = typed(tally)
      const figures = [precision, recall, f1].map(share).join(' / ')
      return `${figures}; ${share(anyType(tally).recall)}`
    }),
  ])
  return table(['', ...all.map(({ name }) => name)], rows)
}

function alarmTable(all: readonly Quality[]): string {
  const names = [...new Set(all.flatMap(({ alarms }) => [...alarms.any.bySet.keys()]))].toSorted()
  const rows = names.map((name) => [
    name,
    String(all[0]?.alarms.any.bySet.get(name)?.rows ?? 0),
    ...all.map(({ alarms }) =>
      [alarms.any, alarms.structured].map(({ bySet }) => bySet.get(name)?.hit ?? 0).join(' / '),
    ),
  ])
  return table(['corpus', 'texts', ...all.map(({ name }) => name)], rows)
}

const bySize = ([a, x]: readonly [string, Tally], [b, y]: readonly [string, Tally]): number =>
  y.gold - x.gold || (a < b ? -1 : 1)

function typeTable(ours: Quality | undefined): string {
  const rows = [...(ours?.byType ?? [])].toSorted(bySize).map(([type, tally]) => {
    const { precision, recall, f1 } = typed(tally)
    return [
      type,
      String(tally.gold),
      String(tally.found),
      share(precision),
      share(recall),
      share(f1),
      share(anyType(tally).recall),
    ]
  })
  return table(['type', 'there', 'found', 'P', 'R', 'F1', 'any type R'], rows)
}

function peerTypeTable(all: readonly Quality[]): string {
  const rows = [...(all[0]?.byType ?? [])]
    .toSorted(bySize)
    .filter(([, { gold }]) => gold > 0)
    .map(([type]) => [
      type,
      ...all.map(({ byType }) => {
        const tally = byType.get(type)
        return tally ? share(typed(tally).f1) : '-'
      }),
    ])
  return table(['type', ...all.map(({ name }) => name)], rows)
}

/** Where the rows of a data folder come from. */
export function sourcesTable(rows: readonly Row[]): string {
  const sets = new Map<string, { rows: number; sources: Set<string>; licences: Set<string> }>()
  for (const { set, family, source = '', licence = '' } of rows) {
    const name = `${family}/${set}`
    const known = sets.get(name) ?? { rows: 0, sources: new Set(), licences: new Set() }
    known.rows += 1
    known.sources.add(source.split(':', 1)[0] ?? '')
    known.licences.add(licence)
    sets.set(name, known)
  }
  const cells = [...sets].map(([name, { rows: count, sources, licences }]) => [
    name,
    String(count),
    [...sources].slice(0, 3).join(', '),
    [...licences].slice(0, 3).join(', '),
  ])
  return table(['corpus', 'texts', 'source', 'licence'], cells)
}

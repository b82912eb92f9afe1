import { shippedCatalogue } from '../src/models/catalogue/family.ts'
import { COMPONENT_WORDS, LEVEL_WORDS } from '../src/models/catalogue/words.ts'
import type { OpennessLevel } from '../src/models/catalogue/grade.ts'
import { NOTHING_IMPORTED } from '../src/models/openness-index/index-file.ts'
import { catalogueRow, type CatalogueRow } from '../src/models/openness-index/catalogue-row.ts'
import { findLicence } from '../src/models/licences/licence.ts'

/** Between these lines docs/catalogue.md is written from the data. */
export const START = '<!-- rows: written by scripts/write-catalogue-page.ts -->'
export const END = '<!-- end of rows -->'

const LEVELS: readonly OpennessLevel[] = [6, 5, 4, 3, 2, 1]
const HEAD = [
  'model',
  'organisation',
  'grade',
  'what decides',
  'OSI',
  'MOF',
  '≠',
  'licence',
  'as of',
]

/** The part of docs/catalogue.md that lists every row, level by level. */
export function rowsSection(): string {
  const rows = shippedCatalogue()
    .families.map((family) => catalogueRow(family, NOTHING_IMPORTED))
    .toSorted(byName)
  const of = (level: OpennessLevel): readonly CatalogueRow[] =>
    rows.filter(({ grade }) => grade.level === level)
  const counts = LEVELS.map(
    (level) => `| [${level}](#level-${level}) | ${LEVEL_WORDS[level].en} | ${of(level).length} |`,
  )
  return [
    [`| level | | of ${rows.length} |`, '|---|---|---|', ...counts].join('\n'),
    ...LEVELS.flatMap((level) => [
      `## Level ${level}`,
      `${capital(LEVEL_WORDS[level].en)}.`,
      [line(HEAD), line(HEAD.map(() => '---')), ...of(level).map(rowLine)].join('\n'),
      ...hiddenNotes(of(level)),
    ]),
  ].join('\n\n')
}

const byName = ({ family: a }: CatalogueRow, { family: b }: CatalogueRow): number =>
  a.developer.localeCompare(b.developer, 'en') || a.family.localeCompare(b.family, 'en')

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function rowLine({ family, grade, reason, osi, mofClass, disagreements }: CatalogueRow): string {
  const differs = disagreements.map(
    ({ index, component, theirs }) =>
      `${index === 'osai' ? 'E' : 'M'} ${COMPONENT_WORDS[component].en}: ${theirs}`,
  )
  return line([
    `**${cell(family.family)}** \`${family.id}\``,
    cell(family.developer),
    grade.text,
    cell(reason.en),
    cell(osi ?? '-'),
    mofClass === null ? '-' : String(mofClass),
    differs.length === 0 ? '' : `≠ ${cell(differs.join('; '))}`,
    cell([family.licence.name, ...variantLicences(family['variants'])].join('; ')),
    family.retrieved,
  ])
}

/** `72B: Tongyi Qianwen licence`, of the variants that have a licence of their own. */
const variantLicences = (variants: unknown): readonly string[] =>
  (Array.isArray(variants) ? variants : []).flatMap((variant: unknown) => {
    if (typeof variant !== 'object' || variant === null || !('licence' in variant)) return []
    const { name, licence } = { name: '', ...variant }
    return [`${name}: ${findLicence(String(licence))?.name ?? String(licence)}`]
  })

/** Why each of level 1 stands there: the one level that has to be believed on somebody's word. */
const hiddenNotes = (rows: readonly CatalogueRow[]): readonly string[] => {
  const notes = rows.flatMap(({ family }) =>
    family.access === undefined
      ? []
      : [`- **${family.family}**: ${family.access.note} (${sourceText(family.access.source)})`],
  )
  return notes.length === 0 ? [] : [notes.join('\n')]
}

function sourceText(id: string): string {
  const source = shippedCatalogue().sources[id]
  const title = source?.title ?? id
  const url = source?.['url']
  return typeof url === 'string' ? `[${title}](${url})` : title
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** The page with its rows replaced by the present ones. */
export function withRows(page: string): string {
  const from = page.indexOf(START)
  const to = page.indexOf(END)
  return `${page.slice(0, from + START.length)}\n\n${rowsSection()}\n\n${page.slice(to)}`
}

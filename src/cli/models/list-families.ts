import { usageIn } from '../usage-words.ts'
import { shippedCatalogue, type Family } from '#models/catalogue/family.ts'
import { NOTHING_IMPORTED, type ImportedIndexes } from '#models/openness-index/index-file.ts'
import { catalogueRow, type CatalogueRow } from '#models/openness-index/catalogue-row.ts'
import { printable } from '#kernel/printable.ts'
import { textOption, type ExitCode, type Options, type Parsed } from '../command.ts'
import { toldWrongValue, type OptionValues } from '../option-values.ts'
import { table, type Terminal } from '../terminal.ts'

export const FAMILY_FILTERS: Options = {
  level: { type: 'string' },
  'min-openness': { type: 'string' },
  letter: { type: 'string' },
  organisation: { type: 'string' },
  licence: { type: 'string' },
  country: { type: 'string' },
  modality: { type: 'string' },
  strict: { type: 'boolean' },
}

export const FAMILY_FILTERS_USAGE =
  '[--level 1..6[,N]] [--min-openness 1..6] [--letter O,R,C,N,X] [--organisation TEXT] [--licence ID] [--country CC] [--modality text|image|audio|video] [--strict]'

/** Whether a person asked for rows that are such, and not for one by its name. */
export const isFiltered = (args: Parsed): boolean =>
  Object.keys(FAMILY_FILTERS).some((name) => args.values[name] !== undefined)

/** The rows of the catalogue that the options let through; exit 1 when there are none. */
export function listFamilies(
  args: Parsed,
  terminal: Terminal,
  imported: ImportedIndexes = NOTHING_IMPORTED,
): ExitCode {
  const [text] = args.positionals
  if (args.positionals.length > 1) {
    terminal.note(usageIn(FAMILY_FILTERS_USAGE, terminal.language))
    return 3
  }
  if (toldWrongValue(args, valuesOf(), terminal, { several: ['level', 'letter'], isAnyCase: true }))
    return 3
  const isWanted = filterOf(args, text)
  const rows = shippedCatalogue()
    .families.map((family) => catalogueRow(family, imported))
    .filter(isWanted)
  if (terminal.json) for (const row of rows) terminal.out(JSON.stringify(jsonOf(row)))
  else show(rows, terminal)
  return rows.length > 0 ? 0 : 1
}

const LEVELS = ['1', '2', '3', '4', '5', '6']
const LETTERS = ['O', 'R', 'C', 'N', 'X']

/** What the options may be: what rows of the catalogue have. Lower case is as good. */
function valuesOf(): OptionValues {
  const { families } = shippedCatalogue()
  const countries = families.flatMap(({ country }) => (country ?? '').split('/'))
  return {
    level: LEVELS,
    'min-openness': LEVELS,
    letter: LETTERS,
    country: sorted(countries),
    modality: sorted(families.flatMap(({ modalities }) => modalities)),
  }
}

const sorted = (words: readonly string[]): readonly string[] =>
  [...new Set(words.filter((word) => word !== ''))].toSorted()

function filterOf(args: Parsed, text: string | undefined): (row: CatalogueRow) => boolean {
  const least = textOption(args, 'min-openness') ?? '1'
  const levels = textOption(args, 'level')?.split(',')
  const letters = textOption(args, 'letter')?.toUpperCase().split(',')
  const [organisation, licence, country, modality] = [
    'organisation',
    'licence',
    'country',
    'modality',
  ].map((name) => textOption(args, name)?.toLowerCase())
  const wanted = text?.toLowerCase()
  return ({ family, grade }) =>
    grade.level >= Number(least) &&
    (levels === undefined || levels.includes(String(grade.level))) &&
    (letters === undefined || letters.includes(grade.letter)) &&
    (organisation === undefined || family.developer.toLowerCase().includes(organisation)) &&
    (licence === undefined ||
      [family.licence.id, family.licence.spdx].some((id) => id?.toLowerCase() === licence)) &&
    (country === undefined || (family.country ?? '').toLowerCase().split('/').includes(country)) &&
    (modality === undefined || family.modalities.includes(modality)) &&
    (args.values['strict'] !== true || grade.strictOpenSource) &&
    (wanted === undefined || wordsOf(family).includes(wanted))
}

const wordsOf = ({ id, family, developer, hubIds }: Family): string =>
  [id, family, developer, ...hubIds].join(' ').toLowerCase()

const jsonOf = ({ family, grade, reason, osi, mofClass, disagreements }: CatalogueRow): object => ({
  id: family.id,
  name: family.family,
  developer: family.developer,
  country: family.country,
  release: family.release,
  modalities: family.modalities,
  licence: family.licence.id,
  grade,
  reason,
  osi,
  mofClass,
  disagreements,
  retrieved: family.retrieved,
})

/** Columns that hold a row in one line. */
const WIDE = 140

function show(rows: readonly CatalogueRow[], terminal: Terminal): void {
  if (rows.length === 0) {
    terminal.note(
      terminal.say({
        en: 'No row of the catalogue is such.',
        fr: 'Aucune ligne du catalogue n’est telle.',
      }),
    )
    return
  }
  if (terminal.isTty && terminal.columns < WIDE) {
    const width = Math.max(...rows.map(({ family }) => family.id.length))
    for (const { family, grade, reason, disagreements } of rows) {
      const name = `${grade.text}  ${family.id.padEnd(width)}  ${licenceOf(family)}, ${family.developer}`
      terminal.out(cut(name, terminal.columns))
      const why = `${terminal.say(reason)}${differsText(disagreements.length)}`
      terminal.out(terminal.paint('dim', `     ${cut(why, terminal.columns - 5)}`))
    }
    return
  }
  const head = terminal.say({
    en: 'GRADE|ID|ORGANISATION|LICENCE|WHAT DECIDES',
    fr: 'NOTE|ID|ORGANISATION|LICENCE|CE QUI DÉCIDE',
  })
  const cells = rows.map(({ family, grade, reason, disagreements }) => [
    grade.text,
    family.id,
    cut(family.developer, 28),
    licenceOf(family),
    `${terminal.say(reason)}${differsText(disagreements.length)}`,
  ])
  for (const line of table(head.split('|'), cells))
    terminal.out(terminal.isTty ? cut(line, terminal.columns) : line)
}

/** Its id where it has one: names of licences are long. */
const licenceOf = ({ licence, level }: Family): string =>
  licence.id ?? (level <= 2 ? '-' : printable(licence.name))

const differsText = (count: number): string => (count === 0 ? '' : `  ≠${count}`)

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`

import { DEFAULT_CLASSES } from '../src/classify/data/classes.ts'
import { FACTS_COMPARED, TYPE_FACTS } from '../src/classify/data/type-facts.ts'
import { TYPE_NAMES } from '../src/classify/data/type-names.ts'
import { CLASSES } from '../src/kernel/label.ts'

/** The text of docs/detectors.md, from the tables that the program itself uses. */
export function detectorsPage(): string {
  const known = new Map(TYPE_FACTS.map((facts) => [facts.type, facts]))
  const types = Object.keys(TYPE_NAMES).filter((type) => type !== 'UNDETERMINED')
  const numbers = types.filter((type) => known.has(type)).toSorted()
  const others = types.filter((type) => !known.has(type)).toSorted()
  return [
    '# What is found',
    '',
    'Every type of finding, generated from the tables of the program (`node scripts/write-detectors-page.ts`); a test',
    'compares them. The class is that of the default table; a type without one raises nothing. A wrong check drops the',
    'match, except where the authority says that it no longer holds. A *word* is a keyword in English, French or the local',
    'language near the value, or in the name of its field; a text that is a value and nothing else is read without one, at',
    'low confidence (which raises no class) unless the check is strong.',
    '',
    '## Identifiers and contacts',
    '',
    'The source is the document that defines the number. The checks were last compared with an independent implementation',
    `on ${FACTS_COMPARED}.`,
    '',
    '| type | what | shape | check | word | class | source |',
    '|---|---|---|---|---|---|---|',
    ...numbers.map((type) => {
      const { shape = '', check = '', keyword = '', source = '' } = known.get(type) ?? {}
      return row([`\`${type}\``, nameOf(type), shape, check, keyword, classOf(type), source])
    }),
    '',
    '## Everything else',
    '',
    'Credentials, markings, and what a sentence means.',
    '',
    '| type | what | class |',
    '|---|---|---|',
    ...others.map((type) => row([`\`${type}\``, nameOf(type), classOf(type)])),
    '',
  ].join('\n')
}

const nameOf = (type: string): string => TYPE_NAMES[type]?.en ?? type

/** The highest class that a finding of the type can give. */
function classOf(type: string): string {
  const classes = DEFAULT_CLASSES.rows
    .filter((one) => one.types.includes(type))
    .map((one) => one.class)
  return CLASSES.findLast((one) => classes.includes(one)) ?? ''
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

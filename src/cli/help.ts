import type { Language } from '#kernel/refusal-messages.ts'
import type { Command, Options, Subcommand } from './command.ts'
import type { Said } from './terminal.ts'
import { usageIn } from './usage-words.ts'
import { beside, wrapped } from './wrap.ts'

/** Lines longer than this are hard to read, however wide a terminal is. */
const WIDEST = 110

/** Where help is read. */
export interface Reader {
  readonly language: Language
  readonly columns: number
}

/** Help for a command, or for the word behind it where that has its own. */
export function commandHelp(
  command: Command,
  word: string | undefined,
  common: Options,
  reader: Reader,
): string {
  const { language } = reader
  const columns = Math.min(reader.columns, WIDEST)
  const found = word === undefined ? undefined : subcommandOf(command, word)
  const name = `ecluse ${command.name}${found === undefined ? '' : ` ${word}`}`
  const { summary, usage, options } = found ?? command
  const details = found === undefined ? command.details?.[language] : undefined
  const listed = found === undefined ? command.subcommands : undefined
  return [
    ...usageLines(name, usageIn(usage, language), columns),
    '',
    ...wrapped(summary[language], columns),
    ...(details === undefined ? [] : ['', ...paragraphs(details, columns)]),
    ...(listed === undefined
      ? optionLines(OPTIONS[language], options, columns)
      : ['', ...subcommandLines(listed, language, columns), '', MORE[language](name)]),
    ...optionLines(EVERYWHERE[language], common, columns),
  ].join('\n')
}

/** The words after a command that have a help of their own, a line each. */
export function subcommandLines(
  subcommands: Readonly<Record<string, Subcommand>>,
  language: Language,
  columns: number,
): readonly string[] {
  const width = Math.max(...Object.keys(subcommands).map(({ length }) => length)) + 4
  return Object.entries(subcommands).flatMap(([name, { summary }]) =>
    beside(`  ${name}`.padEnd(width), summary[language], Math.min(columns, WIDEST)),
  )
}

const subcommandOf = (command: Command, word: string): Subcommand | undefined =>
  command.subcommands !== undefined && Object.hasOwn(command.subcommands, word)
    ? command.subcommands[word]
    : undefined

/** One line for each way to say it; what is longer goes on below, indented. */
function usageLines(name: string, usage: string, columns: number): readonly string[] {
  return alternatives(usage).flatMap((one) => beside(`${name} `, one, columns))
}

/** What stands between bars outside brackets; an option behind a bar is another way to say the same thing. */
function alternatives(usage: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < usage.length; at++) {
    const character = usage[at] ?? ''
    if ('[('.includes(character)) depth++
    else if ('])'.includes(character)) depth--
    else if (depth === 0 && usage.startsWith(' | ', at) && !usage.startsWith(' | -', at)) {
      found.push(usage.slice(from, at))
      from = at + 3
    }
  }
  return [...found, usage.slice(from)]
}

const paragraphs = (text: string, columns: number): readonly string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(' ') ? [line] : wrapped(line, columns)))

function optionLines(head: string, options: Options, columns: number): readonly string[] {
  const names = Object.entries(options).map(([name, { short }]) =>
    short === undefined ? `--${name}` : `--${name}/-${short}`,
  )
  return names.length === 0 ? [] : ['', ...beside(`${head} `, names.join(' '), columns)]
}

const OPTIONS: Said = { en: 'Options:', fr: 'Options :' }
const EVERYWHERE: Said = { en: 'With every command:', fr: 'Avec toute commande :' }
const MORE: Readonly<Record<Language, (name: string) => string>> = {
  en: (name) => `${name} WORD --help says what each takes.`,
  fr: (name) => `${name} MOT --help dit ce que chacun demande.`,
}

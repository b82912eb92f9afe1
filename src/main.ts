import { parseArgs } from 'node:util'
import { processSurroundings } from './config.ts'
import type { Options } from '#cli/command.ts'
import { findCommand, helpText, GLOBAL_OPTIONS } from '#cli/commands.ts'
import { createTerminal } from '#cli/terminal.ts'
import { LANGUAGES } from '#kernel/refusal-messages.ts'
import { programRoot, programVersion } from './main/program.ts'
import type { ConfigFlags } from './config/types.ts'

/** Runs one command; resolves with its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const surroundings = processSurroundings()
  let { language } = surroundings
  const [name = 'help', ...rest] = argv
  const write = (line: string): void => void process.stdout.write(`${line}\n`)
  if (name === '--version' || name === '-v' || name === 'version') {
    write(programVersion())
    return 0
  }
  const command = await findCommand(name)
  if (!command || argv.includes('--help') || argv.includes('-h')) {
    const isAsked = name === 'help' || name === '--help' || name === '-h' || command !== null
    const word = rest.find((one) => !one.startsWith('-'))
    const columns = process.stdout.columns ?? 100
    const text = await helpText(command, word, { language: askedIn(argv) ?? language, columns })
    if (isAsked) write(text)
    else process.stderr.write(`ecluse: ${unknownCommand(name, language)}\n\n${text}\n`)
    return isAsked ? 0 : 3
  }
  const parsed = parse(rest, { ...GLOBAL_OPTIONS, ...command.options })
  if (typeof parsed === 'string') {
    process.stderr.write(
      `ecluse ${command.name}: ${parsed}\n  ecluse ${command.name} ${command.usage}\n`,
    )
    return 3
  }
  const { values } = parsed
  const asked = values['lang'] ?? language
  const known = LANGUAGES.find((one) => one === asked)
  if (known === undefined) {
    process.stderr.write(`ecluse ${command.name}: --lang ${LANGUAGES.join(' | ')}\n`)
    return 3
  }
  language = known
  const terminal = createTerminal({
    language,
    json: values['json'] === true,
    colour: surroundings.color && process.stdout.isTTY,
    stdout: process.stdout,
    stderr: process.stderr,
  })
  const { commandContext } = await import('./main/context.ts')
  const context = commandContext({
    terminal,
    flags: configFlags(values, command.options),
    gateway: typeof values['gateway'] === 'string' ? values['gateway'] : undefined,
    version: programVersion(),
    root: programRoot(),
  })
  return command.run(parsed, context)
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parse(
  args: string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>['options'],
): { values: Values; positionals: string[] } | string {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    return error instanceof Error ? error.message : 'usage'
  }
}

/** What is said of the configuration; a command's own option of that name is none of it. */
function configFlags(values: Values, own: Options | undefined): ConfigFlags {
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(own ?? {}, name) ? undefined : values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    config: text('config'),
    home: text('home'),
    listen: text('listen'),
    floor: text('floor'),
    profile: text('profile'),
    logLevel: text('log-level'),
    discover: values['no-discover'] === true ? false : undefined,
  }
}

const unknownCommand = (name: string, language: 'en' | 'fr'): string =>
  language === 'fr' ? `commande inconnue : ${name}` : `unknown command: ${name}`

/** The language that help is asked for in; other options are not looked at then. */
const askedIn = (argv: readonly string[]): (typeof LANGUAGES)[number] | undefined =>
  LANGUAGES.find(
    (one) => argv.includes(`--lang=${one}`) || argv[argv.indexOf('--lang') + 1] === one,
  )

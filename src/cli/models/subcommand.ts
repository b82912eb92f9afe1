import type { Context, ExitCode, Options, Parsed } from '../command.ts'
import type { Said } from '../terminal.ts'

/** One word after `ecluse models`: what it takes and does. */
export interface ModelsSubcommand {
  readonly summary: Said
  /** Words after its name, as shown in help. */
  readonly usage: string
  readonly options: Options
  /** `args.positionals` begin after the name of the sub-command. */
  run(args: Parsed, context: Context): Promise<ExitCode>
}

/** The values of an option that may be given several times. */
export function textOptions(args: Parsed, name: string): readonly string[] {
  const value = args.values[name]
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? [value] : []
}

import type { Context, ExitCode, Parsed, Subcommand } from '../command.ts'

/** One word after `ecluse models`. */
export interface ModelsSubcommand extends Subcommand {
  /** `args.positionals` begin after the name of the sub-command. */
  run(args: Parsed, context: Context): Promise<ExitCode>
}

/** The values of an option that may be given several times. */
export function textOptions(args: Parsed, name: string): readonly string[] {
  const value = args.values[name]
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? [value] : []
}

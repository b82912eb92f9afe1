import { nearest } from '#config/suggest.ts'
import { textOption, type Parsed } from './command.ts'
import type { Terminal } from './terminal.ts'

/** What the values of an option may be, option by option. */
export interface OptionValues {
  readonly [option: string]: readonly string[]
}

interface HowValues {
  /** Options that hold several, with commas. */
  readonly several?: readonly string[]
  readonly isAnyCase?: boolean
}

/** Tells the first option whose value is none of those it can have, and which it can; true when there was one. */
export function toldWrongValue(
  args: Parsed,
  allowed: OptionValues,
  terminal: Terminal,
  { several = [], isAnyCase = false }: HowValues = {},
): boolean {
  for (const [option, values] of Object.entries(allowed)) {
    const given = textOption(args, option)
    if (given === undefined) continue
    const words = several.includes(option) ? given.split(',') : [given]
    const alike = (word: string): string => (isAnyCase ? word.toLowerCase() : word)
    const known = new Set(values.map(alike))
    const wrong = words.find((word) => !known.has(alike(word)))
    if (wrong === undefined) continue
    // of letters and codes, every one is near every other
    const near = wrong.length < 3 ? undefined : nearest(wrong, values)
    const list = values.join(', ')
    const what = `--${option} ${JSON.stringify(wrong)}`
    terminal.note(
      terminal.say({
        en: `${what}: ${near === undefined ? '' : `${near}? `}Expected: ${list}.`,
        fr: `${what} : ${near === undefined ? '' : `${near} ? `}Attendu : ${list}.`,
      }),
    )
    return true
  }
  return false
}

import type { Language } from '#kernel/refusal-messages.ts'

/** Both languages of one sentence, side by side where it is said. */
export type Said = Readonly<Record<Language, string>>

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** The terminal as commands see it: language, colours and width are decided once. */
export interface Terminal {
  readonly language: Language
  readonly json: boolean
  readonly isTty: boolean
  readonly columns: number
  /** A line on standard output: results. */
  out(line: string): void
  /** A line on standard error: what is going on. */
  note(line: string): void
  /** Rewrites one line in place on a terminal; silent elsewhere. */
  status(line: string | null): void
  say(said: Said): string
  paint(style: Style, text: string): string
}

export interface TerminalOptions {
  readonly language: Language
  readonly json: boolean
  readonly colour: boolean
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

/** Columns of a terminal; one that does not know says none. */
const widthOf = ({ columns }: NodeJS.WriteStream): number => (columns > 0 ? columns : 100)

export function createTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, language } = options
  const clear = stderr.isTTY ? '\r\u001b[2K' : ''
  let hasStatus = false
  const clearStatus = (): void => {
    if (hasStatus) stderr.write(clear)
    hasStatus = false
  }
  return {
    language,
    json: options.json,
    isTty: stdout.isTTY,
    columns: widthOf(stdout),
    out(line) {
      clearStatus()
      stdout.write(`${line}\n`)
    },
    note(line) {
      clearStatus()
      stderr.write(`${line}\n`)
    },
    status(line) {
      if (!stderr.isTTY) return
      clearStatus()
      if (line === null) return
      stderr.write(clear + line.slice(0, widthOf(stderr) - 1))
      hasStatus = true
    },
    say: (said) => said[language],
    paint(style, text) {
      const [on, off] = CODES[style]
      return options.colour ? `\u001b[${on}m${text}\u001b[${off}m` : text
    },
  }
}

/** Rows as aligned columns; the widths follow the content. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)]
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in decimal units: `98.4 MB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power] ?? 'B'}`
}

import { err, ok, type Result } from '#kernel/result.ts'

/** One cell of a table with the line it begins on. */
export interface Cell {
  readonly line: number
  readonly text: string
}

/** Why a table cannot be read, and where; never what stands there. */
export interface TableProblem {
  readonly code: 'not-utf8' | 'no-such-column' | 'open-quote' | 'after-quote' | 'cell-too-long'
  readonly line: number
}

/** Units of the longest cell; more is no table of terms. */
const LONGEST_CELL = 10_000

/** The cells of one column. `column` is its title, or its number from 1; without it the first one of a file whose first line is a title. */
export function readColumn(
  bytes: Uint8Array,
  column: string | undefined,
): Result<readonly Cell[], TableProblem> {
  const text = decoded(bytes)
  if (text === null) return err({ code: 'not-utf8', line: 1 })
  const rows = readRows(text, separatorOf(text))
  if (!rows.ok) return rows
  const [head = []] = rows.value
  const titles = head.map((cell) => cell.text.trim().toLowerCase())
  const number = /^[1-9]\d{0,3}$/.test(column ?? '') ? Number(column) - 1 : -1
  const named =
    column === undefined
      ? titles.findIndex((title) => TITLES.has(title))
      : number >= 0
        ? -1
        : titles.indexOf(column.toLowerCase())
  if (column !== undefined && named < 0 && number < 0)
    return err({ code: 'no-such-column', line: 1 })
  const at = named >= 0 ? named : Math.max(0, number)
  const hasTitle = named >= 0 || TITLES.has(titles[at] ?? '')
  const below = hasTitle ? rows.value.slice(1) : rows.value
  return ok(below.flatMap((row) => row.slice(at, at + 1)).filter((cell) => cell.text.trim() !== ''))
}

/** All rows below the first, by the titles of the first; a row has what it has. */
export function readTable(
  bytes: Uint8Array,
): Result<
  readonly { readonly line: number; readonly cells: ReadonlyMap<string, string> }[],
  TableProblem
> {
  const text = decoded(bytes)
  if (text === null) return err({ code: 'not-utf8', line: 1 })
  const rows = readRows(text, separatorOf(text))
  if (!rows.ok) return rows
  const [head = [], ...below] = rows.value
  const titles = head.map((cell) => cell.text.trim().toLowerCase())
  return ok(
    below.map((row) => ({
      line: row[0]?.line ?? 0,
      cells: new Map(row.map(({ text: cell }, at) => [titles[at] ?? '', cell.trim()])),
    })),
  )
}

/** Titles of the column that is meant when none is named. */
const TITLES = new Set([
  'term',
  'terme',
  'terms',
  'termes',
  'name',
  'nom',
  'client',
  'product',
  'produit',
  'code',
  'libellé',
  'label',
])

/** The lines of a plain list. */
export function readList(bytes: Uint8Array): Result<readonly Cell[], TableProblem> {
  const text = decoded(bytes)
  if (text === null) return err({ code: 'not-utf8', line: 1 })
  const lines = text.split(/\r\n|\n|\r/)
  return ok(
    lines.map((text, i) => ({ line: i + 1, text })).filter(({ text }) => text.trim() !== ''),
  )
}

/** UTF-8, or UTF-16 where it says so; a spreadsheet writes either. Null when it is neither. */
function decoded(bytes: Uint8Array): string | null {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    // bytes of another encoding: guessing would make terms that match nothing
    return null
  }
}

/** The separator that the first line has most of. */
function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/)
  const line = end < 0 ? text.slice(0, LONGEST_CELL) : text.slice(0, Math.min(end, LONGEST_CELL))
  const counts = [',', ';', '\t'].map((sign) => [sign, line.split(sign).length] as const)
  return counts.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ','
}

/** The rows of RFC 4180, read in one pass; line ends of any system, empty lines left out. */
function readRows(
  text: string,
  separator: string,
): Result<readonly (readonly Cell[])[], TableProblem> {
  const rows: Cell[][] = []
  let row: Cell[] = []
  let line = 1
  let at = 0
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, separator)
    if (cell.end < 0) return err({ code: 'open-quote', line })
    if (cell.end - at > LONGEST_CELL) return err({ code: 'cell-too-long', line })
    row.push({ line, text: cell.text })
    line += text.slice(at, cell.end).split('\n').length - 1
    at = cell.end
    const sign = text[at]
    if (sign === separator) {
      at++
      if (at < text.length) continue
    } else if (sign !== undefined && sign !== '\n' && sign !== '\r')
      return err({ code: 'after-quote', line })
    at += text.startsWith('\r\n', at) ? 2 : at < text.length ? 1 : 0
    line++
    rows.push(row)
    row = []
  }
  return ok(rows)
}

interface ReadCell {
  readonly text: string
  /** Just after the cell; -1 where its quote never closes. */
  readonly end: number
}

function quotedCell(text: string, start: number): ReadCell {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    // a quote left open would take the rest of the file, and search it again from every line
    if (quote < 0 || quote - start > 2 * LONGEST_CELL)
      return { text: '', end: quote < 0 ? -1 : quote }
    if (text[quote + 1] !== '"')
      return { text: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 }
    at = quote + 2
  }
}

function plainCell(text: string, start: number, separator: string): ReadCell {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r')
    end++
  return { text: text.slice(start, end), end }
}

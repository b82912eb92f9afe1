import { MEASURE_KEYS, QuotaRow, saysSomething } from '#config/quotas-section.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { readTable } from './csv.ts'

/** What is wrong in a file of quotas, and where; values are not repeated. */
export interface RowProblem {
  readonly line: number
  readonly field: string
  readonly expected: string
}

interface RawRow {
  readonly line: number
  readonly value: unknown
}

const NUMBERS: ReadonlySet<string> = new Set([...Object.keys(MEASURE_KEYS), 'queue', 'max_wait_ms'])
/** Names of one `match.…` cell are separated by this. */
const BETWEEN_NAMES = '|'

/** The rows of a file of quotas: a JSON array, JSON lines, or CSV with a title for each field. All of them are good, or their problems come back. */
export function readQuotaRows(
  bytes: Uint8Array,
): Result<readonly QuotaRow[], readonly RowProblem[]> {
  const raw = rawRows(bytes)
  if (!raw.ok) return err([raw.error])
  const problems: RowProblem[] = []
  const rows: QuotaRow[] = []
  const lines = new Map<string, number>()
  for (const { line, value } of raw.value) {
    const read = QuotaRow.safeParse(value)
    if (!read.success) {
      const [issue] = read.error.issues
      const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
      const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.')
      const expected = unknown === undefined ? (issue?.message ?? '?') : 'no such field'
      problems.push({ line, field, expected })
      continue
    }
    const { id } = read.data
    const before = lines.get(id)
    if (before !== undefined)
      problems.push({ line, field: 'id', expected: `once (line ${before})` })
    else if (!saysSomething(read.data)) {
      problems.push({ line, field: Object.keys(MEASURE_KEYS).join(', '), expected: 'one of them' })
    }
    lines.set(id, line)
    rows.push(read.data)
  }
  return problems.length > 0 ? err(problems) : ok(rows)
}

function rawRows(bytes: Uint8Array): Result<readonly RawRow[], RowProblem> {
  const first = bytes.find((byte) => byte > 0x20 && byte < 0x80)
  if (first === OPEN_BRACKET) return jsonArray(new TextDecoder().decode(bytes))
  if (first === OPEN_BRACE) return jsonLines(new TextDecoder().decode(bytes))
  const table = readTable(bytes)
  if (!table.ok) {
    return err({
      line: table.error.line,
      field: table.error.code,
      expected: 'CSV, JSON or JSON lines',
    })
  }
  const rows = table.value.filter(({ cells }) => [...cells.values()].some((text) => text !== ''))
  return ok(rows.map(({ line, cells }) => ({ line, value: rowOfCells(cells) })))
}

const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b

function jsonArray(text: string): Result<readonly RawRow[], RowProblem> {
  const value = parsed(text)
  return Array.isArray(value)
    ? ok(value.map((one: unknown, at) => ({ line: at + 1, value: one })))
    : err({ line: 1, field: 'JSON', expected: 'an array of quotas' })
}

function jsonLines(text: string): Result<readonly RawRow[], RowProblem> {
  const rows: RawRow[] = []
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const value = parsed(line)
    if (value === undefined)
      return err({ line: at + 1, field: 'JSON', expected: 'one quota a line' })
    rows.push({ line: at + 1, value })
  }
  return ok(rows)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `match.key` holds names of keys; an empty cell says nothing. */
function rowOfCells(cells: ReadonlyMap<string, string>): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  const match: Record<string, string[]> = {}
  for (const [title, text] of cells) {
    if (text === '') continue
    if (title.startsWith('match.')) {
      match[title.slice('match.'.length)] = text.split(BETWEEN_NAMES).map((name) => name.trim())
    } else row[title] = NUMBERS.has(title) && /^\d{1,15}$/.test(text) ? Number(text) : text
  }
  return Object.keys(match).length > 0 ? { ...row, match } : row
}

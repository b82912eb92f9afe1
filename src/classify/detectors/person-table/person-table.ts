import type { Detector, Draft, Found } from '../../scan/detector.ts'
import type { Hits } from '../../scan/hits.ts'
import type { Scan } from '../../scan/scan.ts'
import { COLUMNS, type Column } from './columns.ts'

/** Fewer rows are a few persons, which names and contacts already tell. */
const LEAST_ROWS = 3
/** Longer lines are prose or data of another kind. */
const LONGEST_LINE = 600

/** A heading with a name and a contact, a pay or a health column, and three rows or more beneath; or three JSON objects with such keys. */
export const personTable: Detector = {
  id: 'person-table',
  acrossParts: false,
  literals: COLUMNS.map(({ kind, words }) => ({ name: `column:${kind}`, standing: 'word', words })),
  find(scan, found) {
    const names = scan.hits('column:person')
    let done = -1
    for (let i = 0; i < names.length && !scan.steps.exhausted; i++) {
      const start = names.starts[i] ?? 0
      scan.steps.spend(8)
      if (start < done) continue
      const line = lineAround(scan.text, start)
      scan.steps.spend(line.end - line.start)
      done = line.end
      if (isTable(scan, line)) columnsIn(scan, line, found)
    }
    inObjects(scan, names, found)
  },
}

interface Line {
  readonly start: number
  readonly end: number
}

function lineAround(text: string, at: number): Line {
  const from = Math.max(0, at - LONGEST_LINE)
  const start = from + text.slice(from, at).lastIndexOf('\n') + 1
  const rest = text.slice(at, at + LONGEST_LINE)
  const feed = rest.indexOf('\n')
  return { start, end: at + (feed < 0 ? rest.length : feed) }
}

const SEPARATORS = [';', '\t', '|', ','] as const
function countOf(line: string, sign: string): number {
  let count = 0
  for (let at = line.indexOf(sign); at >= 0; at = line.indexOf(sign, at + 1)) count++
  return count
}

/** Whether the line heads rows cut by the same sign as often as itself. */
function isTable(scan: Scan, { start, end }: Line): boolean {
  const heading = scan.text.slice(start, end)
  const sign = SEPARATORS.find((one) => heading.includes(one))
  if (sign === undefined) return false
  const wanted = countOf(heading, sign)
  let at = end + 1
  let rows = 0
  for (let looked = 0; looked <= LEAST_ROWS && rows < LEAST_ROWS; looked++) {
    const stop = lineAround(scan.text, at).end
    const row = scan.text.slice(at, stop)
    scan.steps.spend(row.length)
    at = stop + 1
    // the line under the heading of a Markdown table
    if (looked === 0 && /^[\s|:-]+$/.test(row)) continue
    if (countOf(row, sign) !== wanted || !/\p{L}/u.test(row)) return false
    rows++
  }
  return rows === LEAST_ROWS
}

function columnsIn(scan: Scan, { start, end }: Line, found: Found): void {
  for (const column of COLUMNS) {
    if (column.type === null) continue
    const hits = scan.hits(`column:${column.kind}`)
    const at = hits.within(start, end)
    if (at >= 0) found(draft(column, column.type, hits, at))
  }
}

/** Records as JSON: `"name": …, "email": …`, three times or more. */
function inObjects(scan: Scan, names: Hits, found: Found): void {
  if (keysAmong(scan, names) < LEAST_ROWS) return
  for (const column of COLUMNS) {
    if (column.type === null) continue
    const hits = scan.hits(`column:${column.kind}`)
    if (keysAmong(scan, hits) >= LEAST_ROWS) found(draft(column, column.type, hits, 0))
  }
}

function keysAmong({ text, steps }: Scan, hits: Hits): number {
  let keys = 0
  for (let i = 0; i < hits.length; i++) {
    const quoted = text[(hits.starts[i] ?? 0) - 1] === '"'
    if (quoted && /^" {0,2}:/.test(text.slice(hits.ends[i], (hits.ends[i] ?? 0) + 4))) keys++
  }
  steps.spend(4 * hits.length)
  return keys
}

const draft = (column: Column, type: string, hits: Hits, at: number): Draft => ({
  type,
  rule: `table-${column.kind}`,
  start: hits.starts[at] ?? 0,
  end: hits.ends[at] ?? 0,
  confidence: 0.8,
  because: [
    { kind: 'keyword', keyword: hits.words[at] ?? '' },
    { kind: 'count', of: 'rows', count: LEAST_ROWS },
    { kind: 'person', how: 'role' },
  ],
})

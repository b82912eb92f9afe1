import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Row, Span } from './row.ts'

/** Families that say what is found; folders of another name hold something else. */
const FAMILIES: ReadonlySet<string> = new Set(['pii', 'ner', 'secrets', 'negatives', 'sensitivity'])

/** Every labelled row below a folder of families, or in one file. */
export function readData(path: string): readonly Row[] {
  if (path.endsWith('.jsonl')) return readRows(path)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .map((name) => join(path, name))
    .filter((file) => FAMILIES.has(basename(dirname(file))))
    .flatMap(readRows)
}

function readRows(file: string): readonly Row[] {
  const set = basename(file, '.jsonl')
  const family = basename(dirname(file))
  // by the line feed alone: texts may hold U+2028
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line, at) => {
      const row = readRow(JSON.parse(line), set, family)
      if (!row) throw new Error(`${file}:${at + 1}: not {"id","text","spans","lang"}`)
      return row
    })
}

function readRow(value: unknown, set: string, family: string): Row | null {
  if (typeof value !== 'object' || value === null) return null
  const { id, text, spans, lang, label, source, licence } = value as Readonly<
    Record<string, unknown>
  >
  if (typeof id !== 'string' || typeof text !== 'string' || !Array.isArray(spans)) return null
  if (!spans.every(isSpan)) return null
  return {
    id,
    text,
    spans,
    lang: typeof lang === 'string' ? lang : 'unknown',
    set,
    family,
    ...(typeof label === 'string' ? { label } : {}),
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof licence === 'string' ? { licence } : {}),
  }
}

function isSpan(value: unknown): value is Span {
  if (typeof value !== 'object' || value === null) return false
  const { start, end, type } = value as Readonly<Record<string, unknown>>
  return typeof start === 'number' && typeof end === 'number' && typeof type === 'string'
}

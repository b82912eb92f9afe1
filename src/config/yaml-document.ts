import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type ParsedNode } from 'yaml'
import type { ConfigPath, ConfigProblem, ConfigProblemCode } from './problems.ts'
import { named, pathText } from './problems.ts'

/** Levels of nesting a configuration may have; its own shape needs seven. */
const MAX_DEPTH = 16

interface Place {
  readonly line: number
  readonly column: number
}

/** A configuration file as plain values, with the place of each key and value. */
export interface YamlDocument {
  readonly value: unknown
  /** Place of the key at a path, else of its value, else of the nearest thing that holds it. */
  readonly place: (path: ConfigPath) => Place
  readonly problems: readonly ConfigProblem[]
}

/** Reading so far: problems met and places noted, by JSON text of the path. */
interface Reading {
  readonly file: string
  readonly lines: LineCounter
  readonly problems: ConfigProblem[]
  readonly places: Map<string, Place>
}

/** Parser complaints that have a code of their own; all others are `malformed-yaml`. */
const PARSER_CODES: Readonly<Record<string, ConfigProblemCode>> = {
  MULTIPLE_DOCS: 'several-documents',
  TAG_RESOLVE_FAILED: 'tag-refused',
}

/**
 * Reads a strict subset of YAML 1.2: mappings with distinct text keys, lists, plain values; no anchors, aliases or tags.
 * The parser's own messages quote the text, so only its codes and offsets are used. A key without a value reads as absent.
 */
export function readYaml(text: string, file: string): YamlDocument {
  const reading: Reading = { file, lines: new LineCounter(), problems: [], places: new Map() }
  const document = parseDocument(text, {
    lineCounter: reading.lines,
    prettyErrors: false,
    schema: 'core',
    stringKeys: true,
    // the parser's own check is quadratic; convertMap has a linear one
    uniqueKeys: false,
    version: '1.2',
  })
  for (const { code, pos } of [...document.errors, ...document.warnings].slice(0, 1)) {
    report(reading, PARSER_CODES[code] ?? 'malformed-yaml', [], pos[0])
  }
  const readable = reading.problems.length === 0 && document.contents !== null
  const value = readable ? convert(document.contents, [], reading) : undefined
  return { value, problems: reading.problems, place: (path) => placeOf(path, reading) }
}

function placeOf(path: ConfigPath, { places }: Reading): Place {
  for (let length = path.length; length >= 0; length--) {
    const place = places.get(JSON.stringify(path.slice(0, length)))
    if (place) return place
  }
  return { line: 1, column: 1 }
}

function positionOf({ lines }: Reading, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function report(
  reading: Reading,
  code: ConfigProblemCode,
  path: ConfigPath,
  offset: number,
  detail?: ConfigProblem['detail'],
): void {
  const { file, problems } = reading
  const where = { path: pathText(path), file, ...positionOf(reading, offset) }
  problems.push(detail ? { code, ...where, detail } : { code, ...where })
}

function convert(node: ParsedNode | null, path: ConfigPath, reading: Reading): unknown {
  if (node === null) return undefined
  const start = node.range[0]
  const key = JSON.stringify(path)
  if (!reading.places.has(key)) reading.places.set(key, positionOf(reading, start))
  if (isAlias(node) || node.anchor !== undefined) {
    return report(reading, 'anchor-refused', path, start)
  }
  if (node.tag !== undefined) return report(reading, 'tag-refused', path, start)
  if (path.length > MAX_DEPTH) return report(reading, 'too-deep', path, start)
  if (isSeq(node)) return node.items.map((item, i) => convert(item, [...path, i], reading))
  if (isMap(node)) return convertMap(node.items, path, reading)
  if (isScalar(node)) return node.value ?? undefined
  return undefined
}

function convertMap(
  items: readonly { key: ParsedNode; value: ParsedNode | null }[],
  path: ConfigPath,
  reading: Reading,
): unknown {
  const entries = new Map<string, unknown>()
  for (const { key, value } of items) {
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : ''
    const at = [...path, name]
    if (key.anchor !== undefined) report(reading, 'anchor-refused', at, key.range[0])
    if (entries.has(name)) {
      report(reading, 'duplicate-key', at, key.range[0], {
        key: named(name),
        first: placeOf(at, reading).line,
      })
      continue
    }
    reading.places.set(JSON.stringify(at), positionOf(reading, key.range[0]))
    entries.set(name, convert(value, at, reading))
  }
  return Object.fromEntries(entries)
}

import type { ByteSource } from '../bytes/byte-source.ts'
import { Cursor, Truncated } from '../bytes/cursor.ts'
import type { Scan } from '../scan.ts'
import { Strangers } from './judge-operator.ts'
import { scanForKeras } from './scan-keras.ts'
import { NotProtobuf, wireFields } from './wire.ts'

const LONGEST_NAME = 1024

/**
 * The ways from a message to its operators, by field number: a SavedModel (saved_model.proto, meta_graph.proto,
 * graph.proto, function.proto), and a frozen GraphDef, which begins one level further down.
 */
interface Level {
  readonly [field: number]: Level | 'operator' | 'function'
}
const NODE: Level = { 2: 'operator' }
const GRAPH: Level = { 1: NODE, 2: { 1: { 1: { 1: 'function' }, 3: NODE } } }
const SAVED_MODEL: Level = { 2: { 2: GRAPH } }

/** Judges the operators of a SavedModel, its functions included. */
export function scanSavedModel(source: ByteSource, scan: Scan): void {
  walk(source, SAVED_MODEL, scan)
  // Keras reads its layers from here where no file of their own stands beside
  scanForKeras(source, scan)
}

/** Judges the operators of a frozen graph. */
export function scanGraphDef(source: ByteSource, scan: Scan): void {
  walk(source, GRAPH, scan)
}

function walk(source: ByteSource, root: Level, scan: Scan): void {
  const cursor = new Cursor(source)
  const strangers = new Strangers()
  let operators = 0
  try {
    operators = walkLevel(cursor, source.size, root, strangers, scan)
  } catch (error) {
    if (!(error instanceof Truncated || error instanceof NotProtobuf)) throw error
    scan.report('protobuf-malformed', { offset: cursor.at })
    return
  }
  strangers.report(scan)
  scan.fact('operators', operators)
  if (operators === 0) scan.report('protobuf-malformed', { offset: 0 })
}

function walkLevel(
  cursor: Cursor,
  end: number,
  level: Level,
  strangers: Strangers,
  scan: Scan,
): number {
  let operators = 0
  for (const { field, type, start, end: fieldEnd } of wireFields(cursor, end, () =>
    scan.budget.step(),
  )) {
    const next = type === 2 ? level[field] : undefined
    if (next === undefined) continue
    cursor.seek(start)
    if (typeof next === 'object') {
      operators += walkLevel(cursor, fieldEnd, next, strangers, scan)
      continue
    }
    const name = cursor.take(Math.min(LONGEST_NAME, fieldEnd - start)).toString('utf8')
    if (next === 'function') strangers.define(name)
    else {
      operators += 1
      strangers.judge(name, start, scan)
    }
  }
  return operators
}

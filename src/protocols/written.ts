import type { JsonValue } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from './answer-event.ts'
import { isList, isObject } from './json-body.ts'

/** Where a piece of an answer has what the model wrote, in any dialect. */
const WRITTEN: ReadonlySet<string> = new Set([
  'content',
  'text',
  'refusal',
  'reasoning',
  'reasoning_content',
  'thinking',
  'partial_json',
  'arguments',
  'delta',
  'response',
  'transcript',
])
/** Where to look for those. */
const AROUND: ReadonlySet<string> = new Set([
  'choices',
  'delta',
  'message',
  'content',
  'tool_calls',
  'function',
  'parts',
])
/** Deeper than any dialect nests them. */
const DEPTH = 6

/** Characters that a model wrote in one piece of a stream; for answers whose tokens nobody told. */
export function writtenIn(value: JsonValue | undefined, depth = 0): number {
  if (depth > DEPTH) return 0
  if (isList(value)) return value.reduce<number>((sum, one) => sum + writtenIn(one, depth + 1), 0)
  if (!isObject(value)) return 0
  let sum = 0
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') sum += WRITTEN.has(name) ? inner.length : 0
    else if (AROUND.has(name)) sum += writtenIn(inner, depth + 1)
  }
  return sum
}

/** The same of pieces between two dialects. */
export function writtenInEvents(events: readonly AnswerEvent[]): number {
  let sum = 0
  for (const event of events) {
    if (event.kind === 'text' || event.kind === 'reasoning' || event.kind === 'refusal') {
      sum += event.text.length
    } else if (event.kind === 'tool-arguments') sum += event.piece.length
  }
  return sum
}

import type { JsonValue } from '#kernel/canonical-json.ts'
import type { SurfaceName } from '#protocols/surface.ts'

/** What an answer says of itself: whether it came to a good end, and all of its texts. */
export interface Judged {
  readonly isGood: boolean
  readonly texts: readonly string[]
}

/** Where surfaces say why a model stopped. */
const ENDINGS: ReadonlySet<string> = new Set([
  'finish_reason',
  'finishReason',
  'stop_reason',
  'done_reason',
])
/** Ends that leave a whole answer. A cut, filtered or paused one is never kept. */
const GOOD: ReadonlySet<string> = new Set([
  'stop',
  'STOP',
  'end_turn',
  'stop_sequence',
  'tool_use',
  'tool_calls',
])
/** Surfaces whose answers have no end of their own: one JSON document. */
const WITHOUT_END: ReadonlySet<SurfaceName> = new Set([
  'openai-embeddings',
  'openai-moderations',
  'rerank',
  'ollama-embed',
])
/** Deeper than any dialect nests. */
const DEPTH = 64

/** Reads an answer in the words of its surface: a whole one, server-sent events, or lines of JSON. */
export function judgeAnswer(surface: SurfaceName, body: Uint8Array): Judged {
  const values = valuesIn(Buffer.from(body).toString('utf8'))
  if (values === null || values.length === 0) return { isGood: false, texts: [] }
  const seen: Seen = { ends: [], isBad: false, texts: new Map(), letters: 0 }
  for (const value of values) walk(value, '', '', seen, 0)
  const isEnded = WITHOUT_END.has(surface) || (seen.ends.length > 0 && seen.ends.every(isGoodEnd))
  const isGood = isEnded && !seen.isBad && (WITHOUT_END.has(surface) || seen.letters > 0)
  return { isGood, texts: [...seen.texts.values()] }
}

interface Seen {
  readonly ends: string[]
  isBad: boolean
  /** Texts by where they stand, so that the pieces of a stream come together again. */
  readonly texts: Map<string, string>
  letters: number
}

const isGoodEnd = (end: string): boolean => GOOD.has(end)

/** The JSON values of an answer; null when some of it is none. */
function valuesIn(text: string): readonly JsonValue[] | null {
  try {
    return [JSON.parse(text) as JsonValue]
  } catch {
    // a stream, then
  }
  const values: JsonValue[] = []
  for (const line of text.split('\n')) {
    const data = line.startsWith('data:') ? line.slice(5).trim() : line.trim()
    if (data === '' || data === '[DONE]' || /^(event|id|retry|:)/.test(data)) continue
    try {
      values.push(JSON.parse(data) as JsonValue)
    } catch {
      return null
    }
  }
  return values
}

function walk(value: JsonValue | undefined, name: string, path: string, seen: Seen, depth: number) {
  if (depth > DEPTH) {
    seen.isBad = true
    return
  }
  if (typeof value === 'string') {
    if (ENDINGS.has(name)) seen.ends.push(value)
    else {
      if (WRITTEN.has(name)) seen.letters += value.length
      if (name === 'refusal' && value !== '') seen.isBad = true
      seen.texts.set(path, (seen.texts.get(path) ?? '') + value)
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const list: readonly JsonValue[] = value
    list.forEach((one, at) => walk(one, name, `${path}/${at}`, seen, depth + 1))
    return
  }
  // frames that belong together say so by their index
  const index = 'index' in value && typeof value['index'] === 'number' ? `#${value['index']}` : ''
  for (const [field, inner] of Object.entries(value)) {
    if (field === 'error' && inner !== null) seen.isBad = true
    noteResponsesEnd(field, inner, name, seen)
    walk(inner, field, `${path}${index}.${field}`, seen, depth + 1)
  }
}

/** Responses say how they ended as a status, at the top or in `response` of the last event. */
function noteResponsesEnd(
  field: string,
  inner: JsonValue | undefined,
  around: string,
  seen: Seen,
): void {
  if (field !== 'status' || (around !== '' && around !== 'response')) return
  if (inner === 'completed') seen.ends.push('stop')
  else if (inner !== 'in_progress' && inner !== 'queued') seen.isBad = true
}

/** Where a surface has what a model wrote. */
const WRITTEN: ReadonlySet<string> = new Set([
  'content',
  'text',
  'arguments',
  'name',
  'partial_json',
  'delta',
  'response',
  'output_text',
])

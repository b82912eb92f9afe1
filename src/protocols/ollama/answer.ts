import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { AnswerEvent, FinishReason } from '../answer-event.ts'
import type { DialectAnswer } from '../dialect.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { NDJSON_START, ndjsonRest, ndjsonStep } from '../ndjson.ts'
import { parseExactObject } from './exact-json.ts'
import { readOllamaUsage } from './usage.ts'

/** One chat answer of an Ollama server as neutral pieces. */
export function ollamaAnswer(): DialectAnswer {
  let lines = NDJSON_START
  const seen: Seen = { started: false, calls: 0, done: false }
  const read = (text: string): readonly AnswerEvent[] | null => {
    const line = parseLine(text)
    return line === null ? null : lineEvents(line, seen)
  }
  return {
    whole(bytes) {
      const text = decodeUtf8(bytes)
      const events = text === null ? null : read(text)
      return seen.done ? events : null
    },
    step(text) {
      const [next, whole] = ndjsonStep(lines, text)
      lines = next
      const events: AnswerEvent[] = []
      for (const line of whole) {
        if (seen.done) break
        const found = read(line)
        if (found === null) return { events, broken: true }
        events.push(...found)
      }
      return { events, broken: lines.overlong && !seen.done }
    },
    close() {
      const rest = seen.done ? null : ndjsonRest(lines)
      const events = rest === null ? [] : (read(rest) ?? [])
      return { events, complete: seen.done }
    },
  }
}

interface Seen {
  started: boolean
  /** Tool calls so far. */
  calls: number
  done: boolean
}

/** Figures in the arguments of tools keep their digits; everything else is small. */
function parseLine(text: string): JsonObject | null {
  if (text.includes('"tool_calls"')) return parseExactObject(text)
  const value = parseJson(text)
  return isObject(value) ? value : null
}

/** What a line says, or null when it is an error or no line of a chat answer. */
function lineEvents(line: JsonObject, seen: Seen): readonly AnswerEvent[] | null {
  const { message, done } = line
  if (line['error'] !== undefined || (!isObject(message) && done !== true)) return null
  // loading or unloading a model is no answer, and some servers end like that when they were to say something
  if (line['done_reason'] === 'load' || line['done_reason'] === 'unload') return null
  const events = [...start(line, seen), ...(isObject(message) ? said(message, seen) : [])]
  if (done !== true) return events
  seen.done = true
  const usage = readOllamaUsage(line)
  return [
    ...events,
    { kind: 'finish', reason: reasonOf(line['done_reason'], seen), stopSequence: null },
    ...(usage === null ? [] : [{ kind: 'usage', usage } as const]),
  ]
}

function start(line: JsonObject, seen: Seen): readonly AnswerEvent[] {
  if (seen.started) return []
  seen.started = true
  const { model, created_at: created } = line
  const createdMs = typeof created === 'string' ? Date.parse(created) : Number.NaN
  return [
    {
      kind: 'start',
      id: '',
      model: typeof model === 'string' ? model : '',
      createdSeconds: createdMs > 0 ? Math.floor(createdMs / 1000) : null,
    },
  ]
}

function said(message: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const thought = nonEmpty(message['thinking'])
  const text = nonEmpty(message['content'])
  const calls = isList(message['tool_calls']) ? message['tool_calls'].filter(isObject) : []
  return [
    ...(thought === null ? [] : [{ kind: 'reasoning', text: thought } as const]),
    ...(text === null ? [] : [{ kind: 'text', text } as const]),
    ...calls.flatMap((call) => toolCall(call, seen)),
  ]
}

/** A call comes whole, and in older servers without an id. */
function toolCall(call: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const called = isObject(call['function']) ? call['function'] : {}
  const index = seen.calls
  seen.calls += 1
  return [
    {
      kind: 'tool-call',
      index,
      id: nonEmpty(call['id']) ?? `call_${index}`,
      name: nonEmpty(called['name']) ?? '',
    },
    { kind: 'tool-arguments', index, piece: JSON.stringify(called['arguments'] ?? {}) },
  ]
}

function reasonOf(given: JsonValue | undefined, seen: Seen): FinishReason {
  if (given === 'length') return 'length'
  if (given === 'content_filter') return 'content-filter'
  return seen.calls > 0 ? 'tool-calls' : 'stop'
}

const nonEmpty = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null

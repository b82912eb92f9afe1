import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AnswerEvent, FinishReason, Usage } from '../answer-event.ts'
import type { DialectAnswer } from '../dialect.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseState } from '../sse.ts'
import { finishOf, hasUsage, indexOf, isAnswer, isBlocked, readUsage } from './answer.ts'
import { camelCase, field, objectField, objects, textField } from './fields.ts'

/** One answer of a Gemini destination as neutral pieces; only its first candidate. */
export function geminiAnswer(): DialectAnswer {
  let sse: SseState = SSE_START
  const seen: Seen = { id: null, calls: 0, reason: null, usage: '', unsayable: false }
  const finish = (): readonly AnswerEvent[] =>
    seen.reason === null
      ? []
      : [{ kind: 'finish', reason: reasonOf(seen.reason, seen.calls > 0), stopSequence: null }]
  return {
    whole(bytes) {
      const text = decodeUtf8(bytes)
      const answer = text === null ? undefined : parseJson(text)
      if (!isObject(answer) || !isAnswer(answer)) return null
      const events = chunkEvents(answer, seen)
      return seen.unsayable ? null : [...events, ...finish()]
    },
    step(text) {
      const [next, frames] = sseStep(sse, text)
      sse = next
      const events: AnswerEvent[] = []
      for (const frame of frames) {
        // some servers that imitate the API end their streams as OpenAI does
        if (frame.data === '[DONE]') continue
        const chunk = parseJson(frame.data)
        if (!isObject(chunk) || field(chunk, 'error') !== undefined) return { events, broken: true }
        events.push(...chunkEvents(chunk, seen))
        if (seen.unsayable) return { events, broken: true }
      }
      return { events, broken: false }
    },
    // older models repeat a finish reason in every chunk: only the end of the stream ends the answer
    close: () => ({ events: finish(), complete: seen.reason !== null && !seen.unsayable }),
  }
}

interface Seen {
  /** Id of the answer; null before its first chunk. */
  id: string | null
  calls: number
  reason: string | null
  /** The last usage told on, as text. */
  usage: string
  /** The answer failed, or holds what no other dialect can say. */
  unsayable: boolean
}

function chunkEvents(chunk: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const events: AnswerEvent[] = []
  if (seen.id === null) {
    seen.id = textField(chunk, 'responseId') ?? ''
    const model = textField(chunk, 'modelVersion') ?? ''
    events.push({ kind: 'start', id: seen.id, model, createdSeconds: null })
  }
  const candidate = objects(chunk, 'candidates').find((one) => indexOf(one) === 0)
  if (candidate) {
    for (const part of objects(objectField(candidate, 'content') ?? {}, 'parts')) {
      events.push(...partEvents(part, seen))
    }
    seen.reason = finishOf(candidate) ?? seen.reason
  } else if (isBlocked(chunk)) seen.reason = 'SAFETY'
  if (seen.reason !== null && FAILURES.has(seen.reason)) seen.unsayable = true
  if (hasUsage(chunk)) events.push(...usageEvents(readUsage(chunk), seen))
  return events
}

/** Counts are repeated in every chunk; only new ones are told on. */
function usageEvents(usage: Usage, seen: Seen): readonly AnswerEvent[] {
  const said = JSON.stringify(usage)
  if (said === seen.usage) return []
  seen.usage = said
  return [{ kind: 'usage', usage }]
}

/** Signatures stay behind: only Gemini knows them, and where it is asked again in its own dialect no translator runs. */
function partEvents(part: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const call = objectField(part, 'functionCall')
  if (call) return callEvents(call, seen)
  const text = textField(part, 'text')
  if (text === null) {
    seen.unsayable ||= Object.keys(part).some((key) => SHOWN.has(camelCase(key)))
    return []
  }
  const kind = field(part, 'thought') === true ? 'reasoning' : 'text'
  return text === '' ? [] : [{ kind, text }]
}

/** Parts that show something for which there is no neutral piece. */
const SHOWN: ReadonlySet<string> = new Set([
  'inlineData',
  'fileData',
  'executableCode',
  'codeExecutionResult',
])

function callEvents(call: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const index = seen.calls
  seen.calls += 1
  const id = textField(call, 'id') || ownId(seen.id ?? '', index)
  const piece = JSON.stringify(objectField(call, 'args') ?? {})
  return [
    { kind: 'tool-call', index, id, name: textField(call, 'name') ?? '' },
    { kind: 'tool-arguments', index, piece },
  ]
}

/** The API may leave ids out; other dialects need them, different in every answer. */
const ownId = (answer: string, index: number): string =>
  ['call', answer.replaceAll(/[^\w-]/g, '').slice(-24), String(index)].filter(Boolean).join('_')

/** Reasons by which the model failed to answer: neither an end nor a limit. */
const FAILURES: ReadonlySet<string> = new Set(
  'MALFORMED_FUNCTION_CALL UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS MISSING_THOUGHT_SIGNATURE MALFORMED_RESPONSE'.split(
    ' ',
  ),
)

/** Everything but an end and a limit is the provider stopping its model: SAFETY, RECITATION, BLOCKLIST, SPII, OTHER ... */
function reasonOf(reason: string, called: boolean): FinishReason {
  if (reason === 'STOP') return called ? 'tool-calls' : 'stop'
  return reason === 'MAX_TOKENS' ? 'length' : 'content-filter'
}

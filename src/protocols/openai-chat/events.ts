import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { AnswerEvent, FinishReason } from '../answer-event.ts'
import type { DialectAnswer } from '../dialect.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseState } from '../sse.ts'
import { hasUsage, readUsage } from './answer.ts'

/** One answer of an OpenAI-compatible destination as neutral pieces; only its first choice. */
export function chatAnswer(): DialectAnswer {
  let sse: SseState = SSE_START
  const seen: Seen = { started: false, calls: new Map(), finished: false }
  let done = false
  return {
    whole(bytes) {
      const text = decodeUtf8(bytes)
      const answer = text === null ? undefined : parseJson(text)
      const choices = isObject(answer) ? answer['choices'] : undefined
      const choice = isList(choices) ? choices[0] : undefined
      if (!isObject(answer) || !isObject(choice)) return null
      const message = isObject(choice['message']) ? choice['message'] : {}
      const events = [...start(answer, seen), ...said(message, seen), ...finish(choice, seen)]
      return hasUsage(answer) ? [...events, { kind: 'usage', usage: readUsage(answer) }] : events
    },
    step(text) {
      const [next, frames] = sseStep(sse, text)
      sse = next
      const events: AnswerEvent[] = []
      for (const frame of frames) {
        if (done) break
        if (frame.data === '[DONE]') {
          done = true
          continue
        }
        const chunk = parseJson(frame.data)
        if (!isObject(chunk) || chunk['error'] !== undefined || frame.event === 'error') {
          return { events, broken: true }
        }
        events.push(...chunkEvents(chunk, seen))
      }
      return { events, broken: false }
    },
    close: () => ({ events: [], complete: seen.finished }),
  }
}

interface Seen {
  started: boolean
  finished: boolean
  /** Upstream index of a tool call to ours. */
  readonly calls: Map<number, number>
}

function chunkEvents(chunk: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const events: AnswerEvent[] = [...start(chunk, seen)]
  const choice = isList(chunk['choices']) ? chunk['choices'][0] : undefined
  if (isObject(choice)) {
    if (isObject(choice['delta'])) events.push(...said(choice['delta'], seen))
    events.push(...finish(choice, seen))
  }
  if (hasUsage(chunk)) events.push({ kind: 'usage', usage: readUsage(chunk) })
  return events
}

function start(chunk: JsonObject, seen: Seen): readonly AnswerEvent[] {
  if (seen.started) return []
  seen.started = true
  const created = chunk['created']
  return [
    {
      kind: 'start',
      id: typeof chunk['id'] === 'string' ? chunk['id'] : '',
      model: typeof chunk['model'] === 'string' ? chunk['model'] : '',
      createdSeconds: typeof created === 'number' && created > 0 ? created : null,
    },
  ]
}

/** What a delta or a whole message says; vLLM calls thoughts `reasoning`, others `reasoning_content`. */
function said(message: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const thought = nonEmpty(message['reasoning_content']) ?? nonEmpty(message['reasoning'])
  const text = nonEmpty(message['content'])
  const refusal = nonEmpty(message['refusal'])
  const calls = isList(message['tool_calls']) ? message['tool_calls'].filter(isObject) : []
  return [
    ...(thought === null ? [] : [{ kind: 'reasoning', text: thought } as const]),
    ...(text === null ? [] : [{ kind: 'text', text } as const]),
    ...(refusal === null ? [] : [{ kind: 'refusal', text: refusal } as const]),
    ...calls.flatMap((call, at) => toolCall(call, at, seen)),
  ]
}

function toolCall(call: JsonObject, at: number, seen: Seen): readonly AnswerEvent[] {
  const upstream = typeof call['index'] === 'number' ? call['index'] : at
  const called = isObject(call['function']) ? call['function'] : {}
  const known = seen.calls.get(upstream)
  const index = known ?? seen.calls.size
  const piece = nonEmpty(called['arguments'])
  const events: AnswerEvent[] = []
  if (known === undefined) {
    seen.calls.set(upstream, index)
    events.push({
      kind: 'tool-call',
      index,
      id: nonEmpty(call['id']) ?? `call_${index}`,
      name: nonEmpty(called['name']) ?? '',
    })
  }
  if (piece !== null) events.push({ kind: 'tool-arguments', index, piece })
  return events
}

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
}

function finish(choice: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const reason = choice['finish_reason']
  if (typeof reason !== 'string' || seen.finished) return []
  seen.finished = true
  return [{ kind: 'finish', reason: REASONS[reason] ?? 'stop', stopSequence: null }]
}

const nonEmpty = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null

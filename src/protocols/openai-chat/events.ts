import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { AnswerEvent, FinishReason } from '../answer-event.ts'
import type { DialectAnswer } from '../dialect.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseState } from '../sse.ts'
import { hasUsage, readUsage } from './answer.ts'
import { isBrokenChoice, isBrokenFrame } from './broken.ts'
import { textsOf } from './content-texts.ts'
import { toolCallEvents, type SeenCall } from './tool-call-events.ts'

/** One answer of an OpenAI-compatible destination as neutral pieces; only its first choice. */
export function chatAnswer(): DialectAnswer {
  let sse: SseState = SSE_START
  const seen: Seen = { started: false, calls: [], finished: false }
  let done = false
  return {
    whole(bytes) {
      const text = decodeUtf8(bytes)
      const answer = text === null ? undefined : parseJson(text)
      const choices = isObject(answer) ? answer['choices'] : undefined
      const choice = isList(choices) ? choices[0] : undefined
      if (!isObject(answer) || !isObject(choice) || isBrokenChoice(choice)) return null
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
        if (!isObject(chunk) || isBrokenFrame(chunk, frame)) {
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
  readonly calls: SeenCall[]
}

function chunkEvents(chunk: JsonObject, seen: Seen): readonly AnswerEvent[] {
  const choice = isList(chunk['choices']) ? chunk['choices'][0] : undefined
  // Azure begins with a chunk that has neither name nor choices
  const isNamed = isObject(choice) || nonEmpty(chunk['model']) !== null
  const events: AnswerEvent[] = isNamed ? [...start(chunk, seen)] : []
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
  const refusal = nonEmpty(message['refusal'])
  return [
    ...(thought === null ? [] : [{ kind: 'reasoning', text: thought } as const]),
    ...textsOf(message['content']),
    ...(refusal === null ? [] : [{ kind: 'refusal', text: refusal } as const]),
    ...toolCallEvents(message['tool_calls'], seen.calls),
  ]
}

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  // Mistral
  model_length: 'length',
  // DeepSeek: the answer ended, but nobody may take it as complete
  insufficient_system_resource: 'pause',
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

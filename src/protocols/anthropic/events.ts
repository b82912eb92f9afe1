import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from '../answer-event.ts'
import type { DialectAnswer } from '../dialect.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseState } from '../sse.ts'
import { objectOf, objectsOf, textOf } from './read-value.ts'
import { finishReasonOf } from './stop-reason.ts'
import { STREAM_START, streamStep, type StreamState } from './stream-state.ts'
import { NO_COUNTERS, usageOf, withUsage, type Counters } from './usage.ts'

/** One answer of an Anthropic destination as neutral pieces. */
export function messagesAnswer(): DialectAnswer {
  let sse: SseState = SSE_START
  let state: StreamState = STREAM_START
  const calls: Calls = { begun: 0, hasArguments: false, initial: null }
  return {
    whole: wholeEvents,
    step(text) {
      const [next, frames] = sseStep(sse, text)
      sse = next
      const events: AnswerEvent[] = []
      for (const frame of frames) {
        const before = state
        const [after, data] = streamStep(state, frame)
        state = after
        if (data) events.push(...eventsOf(data, before, after, calls))
      }
      return { events, broken: state.phase === 'broken' }
    },
    close: () => ({ events: [], complete: state.phase === 'stopped' }),
  }
}

/** Tool calls of a stream so far. */
interface Calls {
  begun: number
  /** Of the call that is open: whether a piece of its arguments came, and what its start already held. */
  hasArguments: boolean
  initial: string | null
}

function eventsOf(
  data: JsonObject,
  before: StreamState,
  after: StreamState,
  calls: Calls,
): readonly AnswerEvent[] {
  switch (data['type']) {
    case 'message_start':
      return [startOf(objectOf(data['message'])), ...usageEvents(after.counters)]
    case 'content_block_start':
      return blockStart(objectOf(data['content_block']), calls)
    case 'content_block_delta':
      return delta(objectOf(data['delta']), before, calls)
    case 'content_block_stop':
      return before.block?.type === 'tool_use' ? callEnd(calls) : []
    case 'message_delta': {
      const reason = textOf(objectOf(data['delta'])['stop_reason'])
      const isLast = reason !== null && before.stopReason === null
      const finish = isLast ? [finishOf(reason, objectOf(data['delta']))] : []
      return [...finish, ...usageEvents(after.counters)]
    }
    default:
      return []
  }
}

const startOf = (message: JsonObject): AnswerEvent => ({
  kind: 'start',
  id: textOf(message['id']) ?? '',
  model: textOf(message['model']) ?? '',
  createdSeconds: null,
})

const finishOf = (reason: string, holder: JsonObject): AnswerEvent => ({
  kind: 'finish',
  reason: finishReasonOf(reason),
  stopSequence: textOf(holder['stop_sequence']),
})

const usageEvents = (counters: Counters): readonly AnswerEvent[] =>
  counters === NO_COUNTERS ? [] : [{ kind: 'usage', usage: usageOf(counters) }]

/** Some servers put the first text, or the whole input, in the start of a block. */
function blockStart(block: JsonObject, calls: Calls): readonly AnswerEvent[] {
  if (block['type'] === 'text') return textEvents(block['text'])
  if (block['type'] === 'thinking') return thinkingEvents(block)
  if (block['type'] !== 'tool_use') return []
  const input = objectOf(block['input'])
  calls.hasArguments = false
  calls.initial = Object.keys(input).length > 0 ? JSON.stringify(input) : null
  return [callOf(block, calls.begun++)]
}

function delta(piece: JsonObject, { block }: StreamState, calls: Calls): readonly AnswerEvent[] {
  if (piece['type'] === 'text_delta') return textEvents(piece['text'])
  if (piece['type'] === 'thinking_delta' || piece['type'] === 'signature_delta') {
    return thinkingEvents(piece)
  }
  const json = textOf(piece['partial_json']) ?? ''
  // the input of a tool that the server runs itself is not a call of the caller's
  if (piece['type'] !== 'input_json_delta' || block?.type !== 'tool_use' || json === '') return []
  calls.hasArguments = true
  return [{ kind: 'tool-arguments', index: calls.begun - 1, piece: json }]
}

/** A call without any piece of arguments still has an object for them. */
const callEnd = ({ hasArguments, initial, begun }: Calls): readonly AnswerEvent[] =>
  hasArguments ? [] : [{ kind: 'tool-arguments', index: begun - 1, piece: initial ?? '{}' }]

const callOf = (block: JsonObject, index: number): AnswerEvent => ({
  kind: 'tool-call',
  index,
  id: textOf(block['id']) ?? `toolu_${index}`,
  name: textOf(block['name']) ?? '',
})

function textEvents(value: JsonObject[string]): readonly AnswerEvent[] {
  const text = textOf(value) ?? ''
  return text === '' ? [] : [{ kind: 'text', text }]
}

function thinkingEvents(holder: JsonObject): readonly AnswerEvent[] {
  const text = textOf(holder['thinking']) ?? ''
  const signature = textOf(holder['signature']) ?? ''
  return [
    ...(text === '' ? [] : [{ kind: 'reasoning', text } as const]),
    ...(signature === '' ? [] : [{ kind: 'reasoning-signature', signature } as const]),
  ]
}

function wholeEvents(bytes: Uint8Array): readonly AnswerEvent[] | null {
  const message = readMessage(bytes)
  const reason = message ? textOf(message['stop_reason']) : null
  if (!message || reason === null) return null
  let calls = 0
  const said = objectsOf(message['content']).flatMap((block): readonly AnswerEvent[] => {
    if (block['type'] === 'text') return textEvents(block['text'])
    if (block['type'] === 'thinking') return thinkingEvents(block)
    if (block['type'] !== 'tool_use') return []
    const index = calls++
    const piece = JSON.stringify(objectOf(block['input']))
    return [callOf(block, index), { kind: 'tool-arguments', index, piece }]
  })
  const counters = withUsage(NO_COUNTERS, message)
  return [startOf(message), ...said, finishOf(reason, message), ...usageEvents(counters)]
}

/** A whole answer of this dialect, or null when the bytes are no such answer. */
export function readMessage(bytes: Uint8Array): JsonObject | null {
  const text = decodeUtf8(bytes)
  const message = text === null ? undefined : parseJson(text)
  if (!isObject(message) || message['type'] !== 'message') return null
  return isList(message['content']) && message['content'].every(isObject) ? message : null
}

import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { isObject, parseJson } from '../json-body.ts'
import type { SseEvent } from '../sse.ts'
import { textOf } from './fields.ts'
import { writtenIn } from '../written.ts'
import { readResponsesUsage } from './usage.ts'

/** What has been seen of a Responses stream on its way through. */
export interface ResponsesStreamState {
  /** `failed`: the destination itself told its end as a failure. */
  readonly phase: 'open' | 'ended' | 'failed' | 'broken'
  /** The response as its last event showed it; null before the first. */
  readonly response: JsonObject | null
  /** Items that were closed, in their order. */
  readonly items: readonly JsonObject[]
  /** Number of the event that was shown last. */
  readonly number: number
  readonly usage: Usage
  /** Characters of what the model wrote. */
  readonly written: number
}

export const RESPONSES_STREAM_START: ResponsesStreamState = {
  phase: 'open',
  response: null,
  items: [],
  number: -1,
  usage: NO_USAGE,
  written: 0,
}

/**
 * One event of a stream: the state after it, and its type where it is passed on. Events of an unknown type are (the
 * protocol grows); one that is no event of this protocol, or tells an error outside a response, breaks the stream.
 */
export function responsesStreamStep(
  state: ResponsesStreamState,
  frame: SseEvent,
): readonly [ResponsesStreamState, string | null] {
  // several servers end every stream as they end those of chat; here it says nothing
  if (state.phase !== 'open' || frame.data === '[DONE]') return [state, null]
  const data = parseJson(frame.data)
  const type = isObject(data) ? textOf(data['type']) : null
  if (!isObject(data) || type === null || type === 'error') return broken(state)
  if (frame.event !== null && frame.event !== type) return broken(state)
  const numberedState = numbered(state, data)
  const next = type.endsWith('.delta')
    ? { ...numberedState, written: state.written + writtenIn(data) }
    : numberedState
  const { response, item } = data
  switch (type) {
    case 'response.completed':
    case 'response.incomplete':
      return isObject(response) ? [ended(next, 'ended', response), type] : broken(state)
    case 'response.failed':
      return isObject(response) ? [ended(next, 'failed', response), type] : broken(state)
    case 'response.output_item.done':
      return [isObject(item) ? { ...next, items: [...next.items, item] } : next, type]
    default:
      return [isObject(response) ? { ...next, response } : next, type]
  }
}

type Stepped = readonly [ResponsesStreamState, string | null]

const broken = (state: ResponsesStreamState): Stepped => [{ ...state, phase: 'broken' }, null]

const numbered = (state: ResponsesStreamState, data: JsonObject): ResponsesStreamState => {
  const number = data['sequence_number']
  return typeof number === 'number' && Number.isSafeInteger(number) ? { ...state, number } : state
}

const ended = (
  state: ResponsesStreamState,
  phase: 'ended' | 'failed',
  response: JsonObject,
): ResponsesStreamState => ({ ...state, phase, response, usage: readResponsesUsage(response) })

import type { JsonObject } from '#kernel/canonical-json.ts'
import { isObject, parseJson } from '../json-body.ts'
import type { SseEvent } from '../sse.ts'
import { objectOf, textOf } from './read-value.ts'
import { NO_COUNTERS, withUsage, type Counters } from './usage.ts'

/** Where a Messages stream stands: every event is legal here, or breaks it. */
export interface StreamState {
  readonly phase: 'before' | 'open' | 'stopped' | 'broken'
  /** The one block that is open. */
  readonly block: { readonly index: number; readonly type: string } | null
  /** Blocks begun so far: the index of the next one. */
  readonly blocks: number
  readonly stopReason: string | null
  readonly counters: Counters
}

export const STREAM_START: StreamState = {
  phase: 'before',
  block: null,
  blocks: 0,
  stopReason: null,
  counters: NO_COUNTERS,
}

/**
 * One event of a stream: the state after it, and its data where it means something to a reader. Events of an unknown
 * type are passed on (the protocol may grow); a repeated stop of the block that was just closed is not, because readers
 * would run its tool twice.
 */
export function streamStep(
  state: StreamState,
  frame: SseEvent,
): readonly [StreamState, JsonObject | null] {
  if (state.phase === 'stopped' || state.phase === 'broken') return [state, null]
  const data = parseJson(frame.data)
  const type = isObject(data) ? textOf(data['type']) : null
  if (!isObject(data) || type === null || type === 'error') return broken(state)
  if (frame.event !== null && frame.event !== type) return broken(state)
  switch (type) {
    case 'message_start':
      if (state.phase !== 'before' || !isObject(data['message'])) return broken(state)
      return [
        { ...state, phase: 'open', counters: withUsage(state.counters, data['message']) },
        data,
      ]
    case 'content_block_start':
      return blockStart(state, data)
    case 'content_block_delta':
      return fits(state, data) ? [state, data] : broken(state)
    case 'content_block_stop':
      return blockStop(state, data)
    case 'message_delta':
      return messageDelta(state, data)
    case 'message_stop':
      return state.stopReason === null || state.block
        ? broken(state)
        : [{ ...state, phase: 'stopped' }, data]
    default:
      return [state, data]
  }
}

type Stepped = readonly [StreamState, JsonObject | null]

const broken = (state: StreamState): Stepped => [{ ...state, phase: 'broken' }, null]

function blockStart(state: StreamState, data: JsonObject): Stepped {
  const type = textOf(objectOf(data['content_block'])['type'])
  const isLegal =
    state.phase === 'open' &&
    state.block === null &&
    state.stopReason === null &&
    data['index'] === state.blocks
  if (!isLegal || type === null) return broken(state)
  return [{ ...state, block: { index: state.blocks, type }, blocks: state.blocks + 1 }, data]
}

function blockStop(state: StreamState, data: JsonObject): Stepped {
  if (state.block) {
    return data['index'] === state.block.index ? [{ ...state, block: null }, data] : broken(state)
  }
  const isRepeated = state.blocks > 0 && data['index'] === state.blocks - 1
  return isRepeated ? [state, null] : broken(state)
}

function messageDelta(state: StreamState, data: JsonObject): Stepped {
  if (state.phase !== 'open' || state.block) return broken(state)
  const stopReason = textOf(objectOf(data['delta'])['stop_reason']) ?? state.stopReason
  return [{ ...state, stopReason, counters: withUsage(state.counters, data) }, data]
}

/** The blocks that each delta belongs to. */
const DELTAS: ReadonlyMap<string, string> = new Map([
  ['text_delta', 'text'],
  ['citations_delta', 'text'],
  ['input_json_delta', 'tool_use'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'thinking'],
])
const KNOWN_BLOCKS: ReadonlySet<string> = new Set([...DELTAS.values(), 'redacted_thinking'])

function fits({ block }: StreamState, data: JsonObject): boolean {
  if (block === null || data['index'] !== block.index) return false
  const type = textOf(objectOf(data['delta'])['type'])
  if (type === null) return false
  const wanted = DELTAS.get(type)
  return wanted === undefined || wanted === block.type || !KNOWN_BLOCKS.has(block.type)
}

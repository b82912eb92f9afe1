import type { JsonObject } from '#kernel/canonical-json.ts'
import { isList, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseEvent, type SseState } from '../sse.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { readUsage } from './answer.ts'
import { writtenIn } from '../written.ts'
import { isBrokenFrame } from './broken.ts'

/** What has been seen of a chat stream on its way through. */
export interface ChatStreamState {
  readonly sse: SseState
  readonly usage: Usage
  /** Characters of what the model wrote. */
  readonly written: number
  /** Choices seen, and those of them that were finished. */
  readonly open: ReadonlySet<number>
  readonly finished: ReadonlySet<number>
  readonly done: boolean
  readonly broken: boolean
}

export const CHAT_STREAM_START: ChatStreamState = {
  sse: SSE_START,
  usage: NO_USAGE,
  written: 0,
  open: new Set(),
  finished: new Set(),
  done: false,
  broken: false,
}

/**
 * One step of a stream between two sides that speak the same dialect: whole frames out, whatever the split in.
 * The usage chunk, which we always ask for, is passed on only when the caller asked too; an error frame or a frame
 * that is no JSON marks the stream as broken and is not passed on.
 */
export function chatStreamStep(
  state: ChatStreamState,
  chunk: string,
  includeUsage: boolean,
): readonly [ChatStreamState, string] {
  const [sse, events] = sseStep(state.sse, chunk)
  if (events.length === 0) return [{ ...state, sse }, '']
  let next: ChatStreamState = { ...state, sse }
  let out = ''
  for (const event of events) {
    if (next.done || next.broken) break
    const [after, frame] = frameStep(next, event, includeUsage)
    next = after
    out += frame
  }
  return [next, out]
}

/** The stream came to a true end: the mark itself, or a finish reason for every choice. */
export const chatStreamIsComplete = (state: ChatStreamState): boolean =>
  !state.broken &&
  (state.done ||
    (state.open.size > 0 && [...state.open].every((index) => state.finished.has(index))))

export const CHAT_STREAM_DONE = 'data: [DONE]\n\n'

function frameStep(
  state: ChatStreamState,
  event: SseEvent,
  includeUsage: boolean,
): readonly [ChatStreamState, string] {
  // held back until the upstream has really ended, so that it never follows a broken stream
  if (event.data === '[DONE]') return [{ ...state, done: true }, '']
  const chunk = parseJson(event.data)
  if (!isObject(chunk) || isBrokenFrame(chunk, event)) {
    return [{ ...state, broken: true }, '']
  }
  const usage = isObject(chunk['usage']) ? readUsage(chunk) : state.usage
  const choices = isList(chunk['choices']) ? chunk['choices'] : []
  let { open, finished } = state
  for (const choice of choices) {
    if (!isObject(choice)) continue
    open = withIndex(open, choice['index'])
    if (typeof choice['finish_reason'] === 'string') finished = withIndex(finished, choice['index'])
  }
  const written = state.written + writtenIn(choices)
  const next = { ...state, usage, written, open, finished }
  if (choices.length === 0 && !(includeUsage && isObject(chunk['usage']))) {
    // chunks without choices crash clients that did not ask for usage (Azure sends some that carry filters only)
    return [next, '']
  }
  return [next, toFrame(includeUsage ? event.data : withoutUsage(chunk, event.data))]
}

/** The caller did not ask for usage, so no chunk has the key. */
function withoutUsage(chunk: JsonObject, data: string): string {
  if (!Object.hasOwn(chunk, 'usage')) return data
  const { usage: _, ...rest } = chunk
  return JSON.stringify(rest)
}

const toFrame = (data: string): string =>
  `data: ${data.includes('\n') ? data.replaceAll('\n', '') : data}\n\n`

/** The set itself when the index is in it already, as it nearly always is. */
function withIndex(set: ReadonlySet<number>, value: unknown): ReadonlySet<number> {
  const index = typeof value === 'number' ? value : 0
  return set.has(index) ? set : new Set(set).add(index)
}

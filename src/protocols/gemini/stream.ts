import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseEvent, type SseState } from '../sse.ts'
import { finishOf, hasUsage, indexOf, isBlocked, readUsage } from './answer.ts'
import { writtenIn } from '../written.ts'
import { field, objects } from './fields.ts'

/** What has been seen of a stream on its way through. */
export interface GeminiStreamState {
  readonly sse: SseState
  readonly usage: Usage
  /** Characters of what the model wrote. */
  readonly written: number
  /** Candidates seen, and whether each was finished. */
  readonly candidates: ReadonlyMap<number, boolean>
  readonly blocked: boolean
  readonly broken: boolean
}

export const GEMINI_STREAM_START: GeminiStreamState = {
  sse: SSE_START,
  usage: NO_USAGE,
  written: 0,
  candidates: new Map(),
  blocked: false,
  broken: false,
}

/**
 * One step of a stream between two sides that speak the same dialect: whole frames out, whatever the split in. An
 * error frame or a frame that is no JSON marks the stream as broken and is not passed on.
 */
export function geminiStreamStep(
  state: GeminiStreamState,
  chunk: string,
): readonly [GeminiStreamState, string] {
  const [sse, events] = sseStep(state.sse, chunk)
  let next: GeminiStreamState = { ...state, sse }
  let out = ''
  for (const event of events) {
    if (next.broken) break
    const [after, frame] = frameStep(next, event)
    next = after
    out += frame
  }
  return [next, out]
}

/** The stream came to a true end: every candidate has its finish reason, or the prompt was blocked. */
export const geminiStreamIsComplete = ({
  broken,
  blocked,
  candidates,
}: GeminiStreamState): boolean =>
  !broken && (blocked || (candidates.size > 0 && [...candidates.values()].every(Boolean)))

function frameStep(
  state: GeminiStreamState,
  event: SseEvent,
): readonly [GeminiStreamState, string] {
  if (event.data === '[DONE]') return [state, '']
  const chunk = parseJson(event.data)
  if (!isObject(chunk) || field(chunk, 'error') !== undefined) {
    return [{ ...state, broken: true }, '']
  }
  const next = {
    ...state,
    usage: hasUsage(chunk) ? readUsage(chunk) : state.usage,
    candidates: candidatesAfter(state.candidates, chunk),
    written: state.written + writtenIn(chunk['candidates']),
    blocked: state.blocked || isBlocked(chunk),
  }
  return [next, `data: ${event.data.replaceAll('\n', '')}\r\n\r\n`]
}

function candidatesAfter(
  before: ReadonlyMap<number, boolean>,
  chunk: JsonObject,
): ReadonlyMap<number, boolean> {
  const after = new Map(before)
  for (const candidate of objects(chunk, 'candidates')) {
    const index = indexOf(candidate)
    after.set(index, after.get(index) === true || finishOf(candidate) !== null)
  }
  return after
}

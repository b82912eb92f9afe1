import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { isList, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START, type SseEvent, type SseState } from '../sse.ts'
import { readMediaUsage } from './answers.ts'

/** What has been seen of a stream of pictures or of a transcript on its way through. */
export interface MediaStreamState {
  readonly sse: SseState
  readonly usage: Usage
  /** The last event was a final one: nothing is known to be missing. */
  readonly complete: boolean
  /** The end mark came, which some destinations send. */
  readonly done: boolean
  readonly broken: boolean
}

export const MEDIA_STREAM_START: MediaStreamState = {
  sse: SSE_START,
  usage: NO_USAGE,
  complete: false,
  done: false,
  broken: false,
}

/** One step of a stream: whole frames out, whatever the split in; an error, or what is no JSON, breaks it and is not passed on. */
export function mediaStreamStep(
  state: MediaStreamState,
  chunk: string,
): readonly [MediaStreamState, string] {
  const [sse, events] = sseStep(state.sse, chunk)
  let next: MediaStreamState = { ...state, sse }
  let out = ''
  for (const event of events) {
    if (next.done || next.broken) break
    const [after, frame] = frameStep(next, event)
    next = after
    out += frame
  }
  return [next, out]
}

/** What ends the caller's stream: the mark where the destination sent one; null when it ended before its end. */
export function mediaStreamEnd({ broken, done, complete }: MediaStreamState): string | null {
  if (broken || !(done || complete)) return null
  return done ? 'data: [DONE]\n\n' : ''
}

function frameStep(
  state: MediaStreamState,
  { event, data }: SseEvent,
): readonly [MediaStreamState, string] {
  // held back until the destination has really ended
  if (data === '[DONE]') return [{ ...state, done: true }, '']
  const body = parseJson(data)
  if (!isObject(body) || isError(event, body)) return [{ ...state, broken: true }, '']
  const usage = isObject(body['usage']) ? readMediaUsage(body['usage']) : state.usage
  const named = event === null ? '' : `event: ${event}\n`
  const frame = `${named}data: ${data.includes('\n') ? data.replaceAll('\n', '') : data}\n\n`
  return [{ ...state, usage, complete: isFinal(body) ?? state.complete }, frame]
}

const isError = (event: string | null, body: JsonObject): boolean =>
  event === 'error' || body['type'] === 'error' || (body['error'] ?? null) !== null

/** Whether an event is the last of what it tells; null when it says nothing of that. */
function isFinal({ type, choices }: JsonObject): boolean | null {
  if (typeof type === 'string') return type.endsWith('.done') || type.endsWith('.completed')
  // vLLM streams transcripts in the chunks of chat
  if (!isList(choices) || choices.length === 0) return null
  return choices.every((choice) => isObject(choice) && typeof choice['finish_reason'] === 'string')
}

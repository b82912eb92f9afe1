import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { readOpenAiError } from '../openai-chat/read-error.ts'
import { namedFrame, sseStep, SSE_START, type SseState } from '../sse.ts'
import type { AnswerReader, StreamFailure } from '../surface.ts'
import {
  RESPONSES_STREAM_START,
  responsesStreamStep,
  type ResponsesStreamState,
} from './native-stream.ts'
import { readResponsesUsage } from './usage.ts'

/** Responses on both sides: whole answers and whole events pass as they are. `begun` names one that breaks before it has a name. */
export function nativeReader(begun: () => JsonObject): AnswerReader {
  let sse: SseState = SSE_START
  let state: ResponsesStreamState = RESPONSES_STREAM_START
  let whole: Usage = NO_USAGE
  /** Held back until the destination has really ended, so that it never precedes a break. */
  let last = ''
  return {
    streamType: 'text/event-stream; charset=utf-8',
    isStream: (contentType) => contentType.startsWith('text/event-stream'),
    whole(bytes) {
      const response = readResponse(bytes)
      if (response === null) return null
      whole = readResponsesUsage(response)
      return { body: bytes, type: 'application/json' }
    },
    step(text) {
      const [next, frames] = sseStep(sse, text)
      sse = next
      let out = ''
      for (const frame of frames) {
        const [after, type] = responsesStreamStep(state, frame)
        state = after
        if (type === null) continue
        if (state.phase === 'open') out += namedFrame(type, frame.data)
        else last = namedFrame(type, frame.data)
      }
      return { out, broken: state.phase === 'broken' || state.phase === 'failed' }
    },
    close: () => (state.phase === 'ended' ? last : null),
    // a failure that the destination told itself is told in its words
    failed: (failure) => (state.phase === 'failed' ? last : failedFrame(state, failure, begun)),
    written: () => state.written,
    usage: () => (whole === NO_USAGE ? state.usage : whole),
    readError: readOpenAiError,
  }
}

/** A whole response, or null when the bytes are none or it is still being made. */
function readResponse(bytes: Uint8Array): JsonObject | null {
  const text = decodeUtf8(bytes)
  const response = text === null ? undefined : parseJson(text)
  if (!isObject(response) || !isList(response['output'])) return null
  return UNFINISHED.has(response['status']) ? null : response
}

const UNFINISHED: ReadonlySet<unknown> = new Set(['queued', 'in_progress'])

function failedFrame(
  { response, items, number }: ResponsesStreamState,
  { code, message }: StreamFailure,
  begun: () => JsonObject,
): string {
  const type = 'response.failed'
  const event = {
    type,
    response: {
      ...(response ?? begun()),
      status: 'failed',
      error: { code, message },
      output: items,
    },
    sequence_number: number + 1,
  }
  return namedFrame(type, JSON.stringify(event))
}

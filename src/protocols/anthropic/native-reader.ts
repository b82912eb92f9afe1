import { NO_USAGE, type Usage } from '../answer-event.ts'
import type { AnswerReader } from '../surface.ts'
import { namedFrame, sseStep, SSE_START, type SseState } from '../sse.ts'
import { readAnthropicError } from './error-body.ts'
import { readMessage } from './events.ts'
import { textOf } from './read-value.ts'
import { STREAM_START, streamStep, type StreamState } from './stream-state.ts'
import { writtenIn } from '../written.ts'
import { NO_COUNTERS, usageOf, withUsage } from './usage.ts'

/** Same dialect on both sides: whole answers and whole legal frames pass as they are. */
export function nativeReader(): AnswerReader {
  let sse: SseState = SSE_START
  let state: StreamState = STREAM_START
  let whole: Usage = NO_USAGE
  /** Held back until the destination has really ended, so that it never precedes a break. */
  let last = ''
  let written = 0
  return {
    streamType: 'text/event-stream; charset=utf-8',
    isStream: (contentType) => contentType.startsWith('text/event-stream'),
    whole(bytes) {
      const message = readMessage(bytes)
      if (message === null) return null
      whole = usageOf(withUsage(NO_COUNTERS, message))
      return { body: bytes, type: 'application/json' }
    },
    step(text) {
      const [next, frames] = sseStep(sse, text)
      sse = next
      let out = ''
      for (const frame of frames) {
        const [after, data] = streamStep(state, frame)
        state = after
        if (data) written += writtenIn(data)
        if (data && after.phase === 'stopped') last = namedFrame('message_stop', frame.data)
        else if (data) out += namedFrame(textOf(data['type']) ?? '', frame.data)
      }
      return { out, broken: state.phase === 'broken' }
    },
    close: () => (state.phase === 'stopped' ? last : null),
    written: () => written,
    usage: () => (whole === NO_USAGE ? usageOf(state.counters) : whole),
    readError: readAnthropicError,
  }
}

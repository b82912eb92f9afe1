/** One server-sent event: the concatenated data lines, and the event name where one was given. */
export interface SseEvent {
  readonly event: string | null
  readonly data: string
}

/** What has been read but is not yet a whole line or a whole event. */
export interface SseState {
  readonly line: string
  /** The last character was a carriage return: a line feed that follows belongs to the same line end. */
  readonly afterCr: boolean
  readonly event: string | null
  readonly data: readonly string[]
}

export const SSE_START: SseState = { line: '', afterCr: false, event: null, data: [] }

/** Reads decoded text in any split; accepts LF, CRLF and CR, comments and unknown fields (WHATWG HTML, section 9.2). */
export function sseStep(state: SseState, chunk: string): readonly [SseState, readonly SseEvent[]] {
  const events: SseEvent[] = []
  let { line, afterCr, event } = state
  let data = state.data
  let from = 0
  for (let at = 0; at <= chunk.length; at += 1) {
    const code = at < chunk.length ? chunk.charCodeAt(at) : -1
    if (code !== 10 && code !== 13) {
      if (code === -1) line += chunk.slice(from)
      else if (afterCr) afterCr = false
      continue
    }
    if (code === 10 && afterCr) {
      afterCr = false
      from = at + 1
      continue
    }
    line += chunk.slice(from, at)
    from = at + 1
    afterCr = code === 13
    if (line === '') {
      if (data.length > 0) events.push({ event, data: data.join('\n') })
      event = null
      data = []
    } else {
      const { name, value } = field(line)
      if (name === 'data') data = [...data, value]
      if (name === 'event') event = value
    }
    line = ''
  }
  return [{ line, afterCr, event, data }, events]
}

function field(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  const start = line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1
  return { name: line.slice(0, colon), value: line.slice(start) }
}

/** One server-sent event; `event` is `message` where the stream names none. */
export interface SseEvent {
  readonly event: string
  readonly data: string
}

/** What was read and is not yet a whole line or a whole event. */
export interface SseState {
  readonly rest: string
  readonly event: string
  readonly data: readonly string[]
}

export const SSE_START: SseState = { rest: '', event: '', data: [] }

/** Reads decoded text in any split; LF, CRLF and CR end a line (WHATWG HTML, section 9.2). */
export function sseStep(state: SseState, chunk: string): readonly [SseState, readonly SseEvent[]] {
  const text = state.rest + chunk
  // A carriage return at the very end may be the first half of CRLF: it waits.
  const whole = text.endsWith('\r') ? text.slice(0, -1) : text
  const lines = whole.split(/\r\n|\n|\r/)
  const rest = (lines.pop() ?? '') + text.slice(whole.length)
  const events: SseEvent[] = []
  let { event, data } = state
  for (const line of lines) {
    if (line === '') {
      if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n') })
      event = ''
      data = []
      continue
    }
    const [name, value] = fieldOf(line)
    if (name === 'event') event = value
    if (name === 'data') data = [...data, value]
  }
  return [{ rest, event, data }, events]
}

function fieldOf(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':')
  if (colon === -1) return [line, '']
  const value = line.slice(colon + 1)
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value]
}

/** The events of a response as they arrive; leaving the loop closes the connection. */
export async function* sseEvents(response: Response): AsyncGenerator<SseEvent, void, void> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  const decoder = new TextDecoder()
  let state = SSE_START
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const [next, events] = sseStep(state, decoder.decode(value, { stream: true }))
      state = next
      yield* events
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

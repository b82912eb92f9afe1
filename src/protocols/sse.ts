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
  let { line, afterCr, event, data } = state
  let feed = -1
  let carriage = -1
  for (let from = 0; from < chunk.length;) {
    if (afterCr) {
      afterCr = false
      if (chunk.charCodeAt(from) === 10) {
        from += 1
        continue
      }
    }
    feed = nextOf(chunk, '\n', from, feed)
    carriage = nextOf(chunk, '\r', from, carriage)
    const end = Math.min(feed, carriage)
    if (end === chunk.length) {
      line += chunk.slice(from)
      break
    }
    line += chunk.slice(from, end)
    afterCr = chunk.charCodeAt(end) === 13
    from = end + 1
    if (line === '') {
      if (data.length > 0) events.push({ event, data: data.join('\n') })
      event = null
      data = NO_DATA
    } else {
      const { name, value } = field(line)
      if (name === 'data') data = data.length === 0 ? [value] : [...data, value]
      if (name === 'event') event = value
      line = ''
    }
  }
  return [{ line, afterCr, event, data }, events]
}

/** An event as it is sent: SDKs skip frames without a name; several data lines of one event are one JSON text. */
export const namedFrame = (name: string, data: string): string =>
  `event: ${name.replaceAll(/[\r\n]/g, '')}\ndata: ${data.replaceAll('\n', '')}\n\n`

const NO_DATA: readonly string[] = []

/** Where `unit` stands next at or after `from`, searched natively and once; the end of the text when nowhere. */
const nextOf = (chunk: string, unit: string, from: number, known: number): number => {
  if (known >= from) return known
  const found = chunk.indexOf(unit, from)
  return found === -1 ? chunk.length : found
}

function field(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  const start = line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1
  return { name: line.slice(0, colon), value: line.slice(start) }
}

/** Longest line that is held, UTF-16 units; lines of chat answers are far shorter, but an image may come in one. */
export const LINE_LIMIT = 16 * 1024 * 1024

/** What has been read but is not yet a whole line. */
export interface NdjsonState {
  readonly line: string
  /** A line went over the limit: nothing after it is read. */
  readonly overlong: boolean
}

export const NDJSON_START: NdjsonState = { line: '', overlong: false }

/** Reads decoded text in any split and yields whole lines, without their ends; accepts LF and CRLF, skips blank lines. */
export function ndjsonStep(
  state: NdjsonState,
  chunk: string,
  limit: number = LINE_LIMIT,
): readonly [NdjsonState, readonly string[]] {
  if (state.overlong) return [state, []]
  const lines: string[] = []
  let { line } = state
  let from = 0
  for (let at = chunk.indexOf('\n'); at !== -1; at = chunk.indexOf('\n', from)) {
    line += chunk.slice(from, at)
    from = at + 1
    if (line.length > limit) return [{ line: '', overlong: true }, lines]
    const whole = withoutCr(line)
    if (whole !== '') lines.push(whole)
    line = ''
  }
  line += chunk.slice(from)
  return line.length > limit
    ? [{ line: '', overlong: true }, lines]
    : [{ line, overlong: false }, lines]
}

/** At the end of the stream: the last line, where its line end is missing; null when nothing is left. */
export function ndjsonRest({ line }: NdjsonState): string | null {
  const whole = withoutCr(line)
  return whole === '' ? null : whole
}

const withoutCr = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

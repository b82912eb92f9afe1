import { kindAt, SPACE, TOKEN } from '../scan/symbols.ts'

const LINE_FEED = 10
/** White space between two lines of one run. */
export const LONGEST_GAP = 12

/** Where an encoded run ends that was cut into lines of one width (MIME 76, PEM 64); its own end when no line follows. */
export function wrappedEnd(text: string, start: number, end: number): number {
  const width = end - start
  let last = end
  for (;;) {
    const line = lineAfter(text, last)
    if (line < 0) return last
    let stop = line
    while (stop - line <= width && isTokenAt(text, stop)) stop++
    const length = stop - line
    // a longer line is another run; an empty one ends this
    if (length === 0 || length > width || !isLineEnd(text, stop)) return last
    last = stop
    if (length < width) return last
  }
}

/** The beginning of the line after `at`, or -1 when the line goes on or the next one is empty. */
function lineAfter(text: string, at: number): number {
  let next = at
  let feeds = 0
  while (next - at < LONGEST_GAP && (kindAt(text, next) & SPACE) !== 0) {
    if (text.charCodeAt(next) === LINE_FEED) feeds++
    next++
  }
  return feeds === 1 ? next : -1
}

const isTokenAt = (text: string, at: number): boolean => (kindAt(text, at) & TOKEN) !== 0

const isLineEnd = (text: string, at: number): boolean =>
  at >= text.length || !/[^\s"'`,;)\]}<]/.test(text[at] ?? '')

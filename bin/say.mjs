// Where nobody watches, a line every so often shows that the work goes on.
const LOG_EVERY_MS = 15_000

/** Talks to the person on `stream` (stderr, so that stdout stays the program's): lines, and one line of progress. */
export function speaker(stream = process.stderr) {
  let loggedAt = null
  return {
    line(text) {
      stream.write(`${text}\n`)
    },
    /** Shows `title` with the seconds gone by: rewritten in place on a terminal, logged now and then elsewhere. */
    progress(title, elapsedMs) {
      if (stream.isTTY) {
        const clock = `… ${Math.round(elapsedMs / 1000)} s`
        // A line that wraps could not be rewritten in place.
        const room = Math.max(0, (stream.columns || 80) - clock.length - 1)
        stream.write(`\r${title.slice(0, room)}${clock}\u001b[K`)
      } else if (loggedAt === null || elapsedMs - loggedAt >= LOG_EVERY_MS) {
        const gone = elapsedMs > 0 ? ` ${Math.round(elapsedMs / 1000)} s` : ''
        stream.write(`${title}…${gone}\n`)
        loggedAt = elapsedMs
      }
    },
    progressEnd() {
      if (stream.isTTY) stream.write('\r\u001b[K')
      loggedAt = null
    },
  }
}

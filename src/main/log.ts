import { pino } from 'pino'
import type { LogLevel } from '#config/types.ts'

/** One line of JSON per event: codes and figures, never content. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  line: Readonly<Record<string, string | number | boolean | null>>,
) => void

/** A log whose level can change while it is in use. */
export type AdjustableLog = Log & { readonly setLevel: (level: LogLevel) => void }

/** Writes what the level lets through, with the time. Lines of one turn of the event loop are written together. */
export function createLog(
  level: LogLevel,
  clock: () => number,
  write: (lines: string) => void,
): AdjustableLog {
  let waiting: string[] = []
  const flush = (): void => {
    if (waiting.length === 0) return
    const lines = waiting.join('\n')
    waiting = []
    write(lines)
  }
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push(line.trimEnd())
      },
    },
  )
  const log: Log = (at, line) => {
    logger[at](line)
    // a process that is about to end must have said why
    if (at === 'error') flush()
  }
  const setLevel = (next: LogLevel): void => {
    logger.level = next
  }
  return Object.assign(log, { setLevel })
}

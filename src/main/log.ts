import type { LogLevel } from '#config/types.ts'

/** One line of JSON per event: codes and figures, never content. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  line: Readonly<Record<string, string | number | null>>,
) => void

const RANK: Readonly<Record<LogLevel, number>> = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 }

/** Writes what the level lets through, with the time. */
export const createLog =
  (level: LogLevel, clock: () => number, write: (line: string) => void): Log =>
  (at, line) => {
    if (RANK[at] <= RANK[level])
      write(JSON.stringify({ time: new Date(clock()).toISOString(), level: at, ...line }))
  }

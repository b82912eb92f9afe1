import type { Clock } from '#kernel/ports.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Choice } from '#kernel/verdict.ts'
import { NO_DURATIONS, quantile, withDuration, type Durations } from './durations.ts'
import { expectedWait, withFirstByte, withTokens, type Speed } from './speed.ts'

/** Answers shorter than this say little about the speed of writing. */
const WRITING_MS: Milliseconds = 100

interface Row {
  speed: Speed | null
  outstanding: number
  durations: Durations
}

/** Measured speed of every model of every destination that was asked. */
export interface SpeedBook {
  started(choice: Choice): void
  firstByte(choice: Choice, afterMs: Milliseconds): void
  ended(choice: Choice): void
  /** `writingMs` is the time from the first byte to the last. */
  answered(
    choice: Choice,
    totalMs: Milliseconds,
    writingMs: Milliseconds,
    tokens: number | null,
  ): void
  /** Orders equal choices: less is better. */
  expected(choice: Choice): number
  /** What this share (0 to 1) of whole answers took at most. */
  usualMs(choice: Choice, share: number): Milliseconds | null
  measured(key: string): Speed | null
}

export const placeKey = ({ destination, model }: Choice): string =>
  `${destination.id}/${model.name}`

/** An empty book. It grows with the models of the catalogue and nothing else. */
export function createSpeedBook(clock: Clock): SpeedBook {
  const rows = new Map<string, Row>()
  const rowOf = (choice: Choice): Row => {
    const key = placeKey(choice)
    const known = rows.get(key)
    if (known) return known
    const row: Row = { speed: null, outstanding: 0, durations: NO_DURATIONS }
    rows.set(key, row)
    return row
  }
  return {
    started(choice) {
      rowOf(choice).outstanding += 1
    },
    firstByte(choice, afterMs) {
      const row = rowOf(choice)
      row.speed = withFirstByte(row.speed, afterMs, clock())
    },
    ended(choice) {
      rowOf(choice).outstanding -= 1
    },
    answered(choice, totalMs, writingMs, tokens) {
      const row = rowOf(choice)
      row.durations = withDuration(row.durations, totalMs)
      if (tokens !== null && writingMs >= WRITING_MS)
        row.speed = withTokens(row.speed, (1000 * tokens) / writingMs)
    },
    expected(choice) {
      const row = rows.get(placeKey(choice))
      return expectedWait(row?.speed ?? null, row?.outstanding ?? 0, clock())
    },
    usualMs: (choice, share) =>
      quantile(rows.get(placeKey(choice))?.durations ?? NO_DURATIONS, share),
    measured: (key) => rows.get(key)?.speed ?? null,
  }
}

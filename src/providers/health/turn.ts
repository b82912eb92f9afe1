import type { Milliseconds } from '#kernel/units.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { Turn } from '#pipeline/traffic.ts'
import type { Admission } from './breaker.ts'
import type { HealthBook } from './health-book.ts'
import type { SpeedBook } from './speed-book.ts'

interface Books {
  readonly health: HealthBook
  readonly speeds: SpeedBook
  readonly free: () => void
}

/** Keeps the books of one request: what it tells of health and speed, each once. */
export function openTurn(choice: Choice, as: Admission, { health, speeds, free }: Books): Turn {
  let isOver = false
  let firstByteMs: Milliseconds | null = null
  speeds.started(choice)
  return {
    firstByte(afterMs) {
      if (isOver || firstByteMs !== null) return
      firstByteMs = afterMs
      speeds.firstByte(choice, afterMs)
      health.good(choice, as)
    },
    end(ending) {
      if (isOver) return
      isOver = true
      free()
      speeds.ended(choice)
      // a probe has told what it had to tell at its first byte
      const asNow = firstByteMs === null ? as : 'normal'
      switch (ending.kind) {
        case 'failed':
          return health.failed(choice, asNow)
        case 'unreachable':
          return health.unreachable(choice, asNow)
        case 'limited':
          health.cool(choice, ending.forMs)
          return health.nothing(choice, asNow)
        case 'nothing':
          return health.nothing(choice, asNow)
        case 'answered':
          health.nothing(choice, asNow)
          return speeds.answered(
            choice,
            ending.totalMs,
            ending.totalMs - (firstByteMs ?? 0),
            ending.tokens,
          )
      }
    },
  }
}

import type { Ask } from '#kernel/ports.ts'
import type { Lines } from '#providers/lines.ts'

/** The connections that one request uses from its beginning to its end, whatever is configured meanwhile. */
export interface LineLease {
  readonly ask: Ask
  /** The request has ended. */
  release(): void
}

export interface LineGenerations {
  lease(): LineLease
  /** New requests get new lines; the old ones close with the last request that uses them. */
  renew(): void
  close(): Promise<void>
}

interface Generation {
  readonly lines: Lines
  users: number
}

/** Keeps lines open for those who began with them, so that a verdict in force can still be carried out after a reload. */
export function lineGenerations(open: () => Lines): LineGenerations {
  let current: Generation = { lines: open(), users: 0 }
  const retired = new Set<Generation>()
  const closeIfUnused = (generation: Generation): void => {
    if (generation.users > 0 || generation === current) return
    retired.delete(generation)
    void generation.lines.close()
  }
  return {
    lease() {
      const generation = current
      generation.users += 1
      let isHeld = true
      return {
        ask: generation.lines.ask,
        release() {
          if (!isHeld) return
          isHeld = false
          generation.users -= 1
          closeIfUnused(generation)
        },
      }
    },
    renew() {
      const old = current
      current = { lines: open(), users: 0 }
      retired.add(old)
      closeIfUnused(old)
    },
    async close() {
      await Promise.all([current, ...retired].map(({ lines }) => lines.close()))
    },
  }
}

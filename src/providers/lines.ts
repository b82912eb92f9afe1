import type { Destination } from '#kernel/destination.ts'
import type { Ask, Clock } from '#kernel/ports.ts'
import { DEFAULT_TIMEOUTS, openLine, type Timeouts } from './net.ts'
import { askHttp, type OpenLine } from './http.ts'
import { credentialHeaders } from './credential-headers.ts'

/** The connections to every known destination; `ask` finds the one a passage names. */
export interface Lines {
  readonly ask: Ask
  close(): Promise<void>
}

/** Opens a line per destination, lazily; `credentialOf` gives the bearer credential, or null. */
export function openLines(
  destinations: () => readonly Destination[],
  credentialOf: (destination: string) => string | null,
  clock: Clock,
  timeoutsOf: (destination: string) => Timeouts = () => DEFAULT_TIMEOUTS,
): Lines {
  const lines = new Map<string, OpenLine>()
  const lineTo = (id: string): OpenLine | null => {
    const open = lines.get(id)
    if (open) return open
    const destination = destinations().find((known) => known.id === id)
    if (!destination) return null
    const credential = (): Readonly<Record<string, string>> =>
      credentialHeaders(destination, credentialOf(id))
    const line = { ...openLine(destination, timeoutsOf(id)), destination: id, credential }
    lines.set(id, line)
    return line
  }
  return {
    ask(passage, options, sink, signal) {
      const line = lineTo(passage.destination)
      if (line) return askHttp(line, clock, passage, options, sink, signal)
      sink.fail({ code: 'destination-unreachable', detail: { destination: passage.destination } })
      return Promise.resolve()
    },
    async close() {
      await Promise.all([...lines.values()].map(({ pool }) => pool.destroy()))
    },
  }
}

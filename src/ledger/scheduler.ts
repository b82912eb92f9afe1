import type { Milliseconds } from '#kernel/units.ts'

/** When work runs: once the present turn is over, or after a delay. Tests pass one they drive by hand. */
export interface Scheduler {
  soon(run: () => void): void
  after(delay: Milliseconds, run: () => void): void
}

/** The event loop's own: `soon` runs after the input of this turn was read, so that its records share one commit. */
export const eventLoop: Scheduler = {
  soon: (run) => {
    setImmediate(run)
  },
  after: (delay, run) => {
    setTimeout(run, delay)
  },
}

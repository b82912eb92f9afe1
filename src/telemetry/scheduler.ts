/** Runs something later, so that tests need no clock; returns how to call it off. */
export interface Scheduler {
  after(ms: number, run: () => void): () => void
}

/** Timers of the process that keep nothing alive. */
export const timers: Scheduler = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

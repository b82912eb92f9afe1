const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Work that tidies up when a person or the system ends it; a second signal ends it at once. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const interrupt = (): void => {
    forget()
    stop.abort()
  }
  const forget = (): void => {
    for (const name of SIGNALS) process.off(name, interrupt)
  }
  for (const name of SIGNALS) process.on(name, interrupt)
  try {
    return await work(stop.signal)
  } finally {
    forget()
  }
}

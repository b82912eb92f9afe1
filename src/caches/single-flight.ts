/** Which keys are being asked for right now. A class because requests come and go. */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>()

  of(key: string): Flight | null {
    return this.#flights.get(key) ?? null
  }

  /** The first of a key leads; what it returns ends the wait of the others. A second one of the same key ends nothing. */
  begin(key: string): () => void {
    if (this.#flights.has(key)) return () => {}
    const flight = new Flight()
    this.#flights.set(key, flight)
    return () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
      flight.land()
    }
  }
}

/** One request that others wait for. */
export class Flight {
  readonly #over = Promise.withResolvers<void>()

  land(): void {
    this.#over.resolve()
  }

  /** Resolves when it is over, or when the one who waits has left. */
  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    const left = Promise.withResolvers<void>()
    const leave = (): void => left.resolve()
    signal.addEventListener('abort', leave, { once: true })
    return Promise.race([this.#over.promise, left.promise]).finally(() =>
      signal.removeEventListener('abort', leave),
    )
  }
}

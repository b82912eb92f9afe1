import { countRequest, emptyTallies } from './metrics.ts'
import type { Observation } from './observation.ts'
import type { Otlp } from './otlp.ts'
import { openRegistry, type HouseTallies, type ScrapeSources } from './scrape.ts'

export interface TelemetryOptions {
  readonly sources: ScrapeSources
  /** Counts that are not about one request; made by whoever counts them. */
  readonly house: HouseTallies
  /** Null unless an endpoint is configured. */
  readonly otlp: Otlp | null
}

/** What is told about the traffic of one gateway, wherever its requests were served. */
export interface Telemetry {
  /** Counts and traces one request that has ended. */
  observe(seen: Observation): void
  /** Everything counted so far, in the Prometheus text format 0.0.4. */
  scrape(): Promise<Scrape>
  close(): Promise<void>
}

export interface Scrape {
  /** Content type of the text. */
  readonly type: string
  readonly text: string
}

/** Starts with every count at zero. */
export function openTelemetry({ sources, house, otlp }: TelemetryOptions): Telemetry {
  const traffic = emptyTallies()
  const registry = openRegistry(traffic, house, sources)
  return {
    observe(seen) {
      countRequest(traffic, seen)
      otlp?.observe(seen)
    },
    scrape: async () => ({ type: registry.contentType, text: await registry.metrics() }),
    close: async () => {
      await otlp?.close()
    },
  }
}

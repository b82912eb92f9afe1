import type { RandomBytes } from '#kernel/ports.ts'
import { otlpAttributes, type Attributes } from './attributes.ts'
import { genaiMetrics } from './genai-metrics.ts'
import { NAMES } from './genai-names.ts'
import type { Observation } from './observation.ts'
import { createExporter, type SendOtlp } from './otlp-exporter.ts'
import type { Scheduler } from './scheduler.ts'
import { spansOf, type OtlpSpan, type Place } from './spans.ts'

export interface OtlpOptions {
  readonly send: SendOtlp
  readonly version: string
  readonly serviceName: string
  /** Distinguishes this process from its neighbours. */
  readonly instance: string
  /** Share of traces that are kept where the caller has not decided, 0 to 1. */
  readonly sampleRatio: number
  readonly placeOf: (destination: string) => Place | null
  readonly clock: () => number
  readonly randomBytes: RandomBytes
  readonly scheduler: Scheduler
  readonly told: (signal: 'traces' | 'metrics', outcome: 'sent' | 'dropped', count: number) => void
}

/** Traces and metrics on their way to an OpenTelemetry collector. */
export interface Otlp {
  observe(seen: Observation): void
  close(): Promise<void>
}

/** Metrics are sent whole this often. */
const METRICS_MS = 15_000
const SCOPE = 'ecluse'

/** Starts to send; nothing leaves before the first request has ended. */
export function openOtlp(options: OtlpOptions): Otlp {
  const { send, scheduler, told, clock } = options
  const resource = { attributes: otlpAttributes(resourceOf(options)) }
  const scope = { name: SCOPE, version: options.version }
  const traces = createExporter<OtlpSpan>({
    path: '/v1/traces',
    send,
    scheduler,
    told: (outcome, count) => told('traces', outcome, count),
    encode: (spans) =>
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }),
  })
  const metrics = genaiMetrics(options.placeOf, clock())
  const sendMetrics = async (): Promise<void> => {
    const shown = metrics.otlp(clock())
    if (shown.length === 0) return
    const body = { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: shown }] }] }
    // cumulative: what one sending misses, the next one tells
    const sent = await send('/v1/metrics', JSON.stringify(body))
    told('metrics', sent === 'taken' ? 'sent' : 'dropped', 1)
  }
  let stopTimer = (): void => {}
  const again = (): void => {
    stopTimer = scheduler.after(METRICS_MS, () => {
      again()
      void sendMetrics()
    })
  }
  again()
  return {
    observe(seen) {
      metrics.count(seen)
      if (!isSampled(seen, options)) return
      for (const span of spansOf(seen, options.placeOf, options.randomBytes)) traces.add(span)
    },
    async close() {
      stopTimer()
      await Promise.all([traces.close(), sendMetrics()])
    },
  }
}

const resourceOf = (options: OtlpOptions): Attributes => ({
  [NAMES.serviceName]: options.serviceName,
  [NAMES.serviceVersion]: options.version,
  [NAMES.serviceInstance]: options.instance,
})

/** The caller's own decision counts; without one, a share of the requests is kept. */
function isSampled(seen: Observation, { sampleRatio, randomBytes }: OtlpOptions): boolean {
  if (seen.parent) return seen.parent.sampled
  if (sampleRatio >= 1) return true
  const [high = 0, low = 0] = randomBytes(2)
  return (high * 256 + low) / 65_536 < sampleRatio
}

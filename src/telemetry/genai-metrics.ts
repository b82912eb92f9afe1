import { nanoseconds, otlpAttributes } from './attributes.ts'
import { DURATION_SECONDS, METRIC_NAMES, NAMES } from './genai-names.ts'
import type { Observation } from './observation.ts'
import { genaiAttributes, type Place } from './spans.ts'
import { CounterTally, HistogramTally } from './tally.ts'

/** The attributes that a series of these metrics has, in the order of its labels. */
const LABELS = [
  NAMES.operation,
  NAMES.provider,
  NAMES.requestModel,
  NAMES.serverAddress,
  NAMES.errorType,
] as const
const UNIT_SECONDS = 's'
const UNIT_TOKENS = '{token}'
/** AGGREGATION_TEMPORALITY_CUMULATIVE of OTLP. */
const CUMULATIVE = 2

/** Metrics of the GenAI conventions, counted here and sent whole at every interval. */
export interface GenaiMetrics {
  count(seen: Observation): void
  /** The `metrics` of an OTLP request, from the start until now. */
  otlp(now: number): readonly object[]
}

/** Starts to count; `startedAt` is when the counters were zero. */
export function genaiMetrics(
  placeOf: (destination: string) => Place | null,
  startedAt: number,
): GenaiMetrics {
  const duration = new HistogramTally(DURATION_SECONDS)
  const firstChunk = new HistogramTally(DURATION_SECONDS)
  const tokens = {
    inputTokens: new CounterTally(),
    outputTokens: new CounterTally(),
    cachedTokens: new CounterTally(),
    reasoningTokens: new CounterTally(),
  }
  return {
    count(seen) {
      const attributes = genaiAttributes(seen, placeOf)
      if (!attributes || !seen.outcome) return
      const labels = LABELS.map((name) => String(attributes[name] ?? ''))
      const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = seen.outcome
      duration.observe(seen.outcome.totalMs / 1000, ...labels)
      if (seen.stream && seen.outcome.firstByteMs !== null)
        firstChunk.observe(seen.outcome.firstByteMs / 1000, ...labels)
      if (promptTokens) tokens.inputTokens.add(promptTokens, ...labels)
      if (completionTokens) tokens.outputTokens.add(completionTokens, ...labels)
      if (cachedTokens) tokens.cachedTokens.add(cachedTokens, ...labels)
      if (reasoningTokens) tokens.reasoningTokens.add(reasoningTokens, ...labels)
    },
    otlp(now) {
      const times = { startTimeUnixNano: nanoseconds(startedAt), timeUnixNano: nanoseconds(now) }
      return [
        otlpHistogram(METRIC_NAMES.operationDuration, duration, times),
        otlpHistogram(METRIC_NAMES.timeToFirstChunk, firstChunk, times),
        otlpSum(METRIC_NAMES.inputTokens, tokens.inputTokens, times),
        otlpSum(METRIC_NAMES.outputTokens, tokens.outputTokens, times),
        otlpSum(METRIC_NAMES.cachedTokens, tokens.cachedTokens, times),
        otlpSum(METRIC_NAMES.reasoningTokens, tokens.reasoningTokens, times),
      ].filter((metric) => metric !== null)
    },
  }
}

interface Times {
  readonly startTimeUnixNano: string
  readonly timeUnixNano: string
}

const labelled = (labels: readonly string[]) =>
  otlpAttributes(
    Object.fromEntries(LABELS.map((name, at) => [name, labels[at] === '' ? null : labels[at]])),
  )

function otlpSum(name: string, tally: CounterTally, times: Times): object | null {
  const rows = tally.rows()
  if (rows.length === 0) return null
  const dataPoints = rows.map(({ labels, value }) => ({
    ...times,
    attributes: labelled(labels),
    asInt: String(value),
  }))
  return {
    name,
    unit: UNIT_TOKENS,
    sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints },
  }
}

function otlpHistogram(name: string, tally: HistogramTally, times: Times): object | null {
  const rows = tally.rows()
  if (rows.length === 0) return null
  const dataPoints = rows.map(({ labels, counts, sum }) => ({
    ...times,
    attributes: labelled(labels),
    count: String(counts.reduce((total, count) => total + count, 0)),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: tally.bounds,
  }))
  return {
    name,
    unit: UNIT_SECONDS,
    histogram: { aggregationTemporality: CUMULATIVE, dataPoints },
  }
}

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { exposeCounter, exposeHistogram } from './expose.ts'
import type { TrafficTallies } from './metrics.ts'
import { HistogramTally, CounterTally } from './tally.ts'
import type { OpenCounts } from './watch.ts'

/** What is read at the moment of a scrape. */
export interface ScrapeSources {
  readonly version: string
  readonly open: () => OpenCounts
  /** Records that wait for their commit, and failed commits in a row. */
  readonly ledger: () => { readonly queued: number; readonly failures: number }
  /** The state of the engine on board, out of a closed list. */
  readonly engine: () => string
  readonly engineStates: readonly string[]
  /** By destination id: whether it can be asked now. */
  readonly ready: () => Readonly<Record<string, boolean>>
}

/** Counts that are not about one request. */
export interface HouseTallies {
  readonly ledgerRecords: CounterTally
  /** Seconds from the first record of a group to its commit. */
  readonly ledgerCommit: HistogramTally
  /** outcome: applied, unchanged, refused */
  readonly reloads: CounterTally
  /** event: hit, semantic-hit, miss, bypass, stored, unfit, withheld, failed */
  readonly cache: CounterTally
  /** Memory of kept answers; asked at a scrape. */
  readonly cacheBytes: { read: () => number }
  /** signal, outcome: sent, dropped */
  readonly otlp: CounterTally
  /** class, change, from, to; destinations by id, `none` for none. */
  readonly shadow: CounterTally
}

/** Upper bounds in seconds of a commit to a local disk. */
const COMMIT_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5,
] as const

export const emptyHouseTallies = (): HouseTallies => ({
  ledgerRecords: new CounterTally(),
  ledgerCommit: new HistogramTally(COMMIT_SECONDS),
  reloads: new CounterTally(),
  cache: new CounterTally(),
  cacheBytes: { read: () => 0 },
  otlp: new CounterTally(),
  shadow: new CounterTally(),
})

/** Everything that `/metrics` shows, in the Prometheus text format 0.0.4. */
export function openRegistry(
  traffic: TrafficTallies,
  house: HouseTallies,
  sources: ScrapeSources,
): Registry {
  const registry = new Registry()
  // memory, processor time, event loop delay, garbage collection, under the names that dashboards know
  collectDefaultMetrics({ register: registry })
  exposeTraffic(registry, traffic)
  exposeHouse(registry, house)
  exposeState(registry, sources)
  return registry
}

function exposeTraffic(registry: Registry, traffic: TrafficTallies): void {
  const counter = (name: string, help: string, labels: string[], tally: CounterTally): void =>
    exposeCounter(registry, { name, help, labels }, tally)
  const histogram = (name: string, help: string, labels: string[], tally: HistogramTally): void =>
    exposeHistogram(registry, { name, help, labels }, tally)
  counter(
    'ecluse_requests_total',
    'Requests of the data plane that have ended.',
    ['surface', 'class', 'zone', 'destination', 'outcome'],
    traffic.requests,
  )
  counter(
    'ecluse_refusals_total',
    'Requests that ended with a code: refused, or failed on the way.',
    ['surface', 'code'],
    traffic.refusals,
  )
  counter(
    'ecluse_tokens_total',
    'Tokens as the destinations counted them.',
    ['direction', 'destination'],
    traffic.tokens,
  )
  counter(
    'ecluse_findings_total',
    'Sensitive things found in requests, by type.',
    ['type'],
    traffic.findings,
  )
  counter(
    'ecluse_answer_findings_total',
    'What was found in answers that a rule has looked through, by kind.',
    ['kind'],
    traffic.answerFindings,
  )
  counter(
    'ecluse_guarded_answers_total',
    'Answers that a rule has looked through, by the strictest of what was done.',
    ['action'],
    traffic.guardedAnswers,
  )
  counter(
    'ecluse_classified_bytes_total',
    'Bytes of the bodies that were classified.',
    [],
    traffic.classifiedBytes,
  )
  histogram(
    'ecluse_request_duration_seconds',
    'From the whole request received to the end of its answer.',
    ['surface', 'zone', 'outcome'],
    traffic.duration,
  )
  histogram(
    'ecluse_time_to_first_byte_seconds',
    'From the whole request received to the first byte of its answer.',
    ['surface', 'zone'],
    traffic.firstByte,
  )
  histogram(
    'ecluse_stage_duration_seconds',
    'Time of the gateway itself, by stage; `classify` is the classification.',
    ['stage'],
    traffic.stages,
  )
}

function exposeHouse(registry: Registry, house: HouseTallies): void {
  exposeCounter(
    registry,
    { name: 'ecluse_ledger_records_total', help: 'Records committed to the ledger.', labels: [] },
    house.ledgerRecords,
  )
  exposeHistogram(
    registry,
    {
      name: 'ecluse_ledger_commit_duration_seconds',
      help: 'From the first record of a group to its commit.',
      labels: [],
    },
    house.ledgerCommit,
  )
  exposeCounter(
    registry,
    {
      name: 'ecluse_reloads_total',
      help: 'Readings of the configuration after the start.',
      labels: ['outcome'],
    },
    house.reloads,
  )
  exposeCounter(
    registry,
    {
      name: 'ecluse_cache_events_total',
      help: 'What came of looking for kept answers, and of keeping them, in the process that is asked.',
      labels: ['event'],
    },
    house.cache,
  )
  registry.registerMetric(
    new Gauge({
      name: 'ecluse_cache_bytes',
      help: 'Memory of kept answers.',
      registers: [],
      collect: setTo(() => house.cacheBytes.read()),
    }),
  )
  exposeCounter(
    registry,
    {
      name: 'ecluse_otlp_items_total',
      help: 'Spans and metric batches for the OpenTelemetry endpoint.',
      labels: ['signal', 'outcome'],
    },
    house.otlp,
  )
  exposeCounter(
    registry,
    {
      name: 'ecluse_policy_shadow_requests_total',
      help: 'Requests by what a shadow of the policy would have done with them.',
      labels: ['class', 'change', 'from', 'to'],
    },
    house.shadow,
  )
}

function exposeState(registry: Registry, sources: ScrapeSources): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    registry.registerMetric(new Gauge({ name, help, registers: [], collect: setTo(read) }))
  }
  gauge('ecluse_open_requests', 'Requests being served.', () => sources.open().requests)
  gauge('ecluse_open_streams', 'Streamed answers being served.', () => sources.open().streams)
  gauge(
    'ecluse_ledger_queue_records',
    'Records that wait for their commit.',
    () => sources.ledger().queued,
  )
  gauge(
    'ecluse_ledger_failures',
    'Commits that failed in a row; 0 is healthy.',
    () => sources.ledger().failures,
  )
  stateGauge(registry, 'ecluse_engine_state', 'State of the engine on board.', 'state', () =>
    Object.fromEntries(sources.engineStates.map((state) => [state, state === sources.engine()])),
  )
  stateGauge(
    registry,
    'ecluse_destination_ready',
    'Whether a destination can be asked now.',
    'destination',
    sources.ready,
  )
  const build = new Gauge({
    name: 'ecluse_build_info',
    help: 'The version that runs.',
    labelNames: ['version'],
    registers: [],
  })
  build.set({ version: sources.version }, 1)
  registry.registerMetric(build)
}

const setTo = (read: () => number) =>
  function collect(this: Gauge): void {
    this.set(read())
  }

function stateGauge(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  read: () => Readonly<Record<string, boolean>>,
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [],
    collect() {
      this.reset()
      for (const [value, isSo] of Object.entries(read())) this.set({ [label]: value }, Number(isSo))
    },
  })
  registry.registerMetric(gauge)
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EngineView, GatewayHouse } from '#gateway/ports.ts'
import type { Health } from '#kernel/verdict.ts'
import type { Catalogue } from '#policy/document.ts'
import type { Config } from '#config/types.ts'
import type { Observation } from '../telemetry/observation.ts'
import { openOtlp, type Otlp } from '../telemetry/otlp.ts'
import { requestLine } from '../telemetry/request-line.ts'
import { timers } from '../telemetry/scheduler.ts'
import { emptyHouseTallies, type HouseTallies } from '../telemetry/scrape.ts'
import { openTelemetry } from '../telemetry/telemetry.ts'
import { watchRequest, type OpenCounts } from '../telemetry/watch.ts'
import type { Core } from './core.ts'
import type { Log } from './log.ts'
import { openOtlpLine } from './otlp-line.ts'

export interface ObservedParts {
  readonly config: () => Config
  readonly core: Core
  readonly log: Log
  readonly version: string
  readonly engine: () => EngineView
  readonly health: () => Health
  readonly catalogue: () => Catalogue
}

/** How those who run the gateway see it, in the process that holds the data directory. */
export interface Observed extends Pick<GatewayHouse, 'watch' | 'metrics'> {
  readonly tallies: HouseTallies
  /** A record is about to be handed to the ledger. */
  readonly recording: () => void
  /** Counts requests that a worker served, and logged itself. */
  readonly fromWorker: (worker: string, seen: readonly Observation[], open: OpenCounts) => void
  readonly workerEnded: (worker: string) => void
  /** Calls back for every request that has ended, whoever served it. */
  readonly onSeen: (listener: (seen: Observation) => void) => void
  close(): Promise<void>
}

const ENGINE_STATES: readonly EngineView['state'][] = [
  'absent',
  'pulling',
  'starting',
  'ready',
  'failed',
  'disabled',
]

/** Wires what is watched to what is told. */
export function observeHouse(parts: ObservedParts): Observed {
  const { config, core, log, version } = parts
  const tallies = emptyHouseTallies()
  const own: OpenCounts = { requests: 0, streams: 0 }
  const workers = new Map<string, OpenCounts>()
  const listeners: ((seen: Observation) => void)[] = []
  const otlp = collectorOf(parts, tallies)
  const telemetry = openTelemetry({
    otlp: otlp?.otlp ?? null,
    house: tallies,
    sources: {
      version,
      open: () => sumOf([own, ...workers.values()]),
      ledger: () => core.ledger.status(),
      engine: () => parts.engine().state,
      engineStates: ENGINE_STATES,
      ready: () => readiness(parts),
    },
  })
  const commits = timeCommits(core, tallies)
  const ports = {
    clock: core.clock,
    now: () => performance.now(),
    open: own,
    observe(seen: Observation) {
      logRequest(log, seen)
      telemetry.observe(seen)
      for (const listener of listeners) listener(seen)
    },
  }
  return {
    tallies,
    recording: () => commits.recording(),
    watch: (arrival) => watchRequest(ports, arrival),
    metrics: {
      isKey: (presented) => isSame(presented, config().telemetry.metricsKey?.reveal()),
      scrape: () => telemetry.scrape(),
    },
    fromWorker(worker, seen, open) {
      workers.set(worker, open)
      for (const one of seen) {
        telemetry.observe(one)
        for (const listener of listeners) listener(one)
      }
    },
    onSeen: (listener) => void listeners.push(listener),
    workerEnded: (worker) => void workers.delete(worker),
    async close() {
      commits.stop()
      await telemetry.close()
      await otlp?.close()
    },
  }
}

/** One line per request; what failed on the way is a warning. */
export const logRequest = (log: Log, seen: Observation): void =>
  log(seen.status >= 500 ? 'warn' : 'info', requestLine(seen))

function collectorOf(
  { config, core, version, catalogue }: ObservedParts,
  tallies: HouseTallies,
): { readonly otlp: Otlp; readonly close: () => Promise<void> } | null {
  const settings = config().telemetry.otlp
  if (!settings) return null
  const line = openOtlpLine(settings)
  const otlp = openOtlp({
    send: line.send,
    version,
    serviceName: settings.serviceName,
    instance: core.newId(),
    sampleRatio: settings.sampleRatio,
    placeOf: (id) => placeIn(catalogue(), id),
    clock: core.clock,
    randomBytes: (length) => randomBytes(length),
    scheduler: timers,
    told: (signal, outcome, count) => tallies.otlp.add(count, signal, outcome),
  })
  return { otlp, close: () => line.close() }
}

/** Where a destination is, by the configuration. */
function placeIn({ destinations }: Catalogue, id: string): { host: string; port: number } | null {
  const address = destinations.find((known) => known.id === id)?.address
  if (address?.kind !== 'url') return null
  const { hostname, port, protocol } = new URL(address.baseUrl)
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }
}

/** Times each commit from the first record that waits for it. */
function timeCommits(core: Core, tallies: HouseTallies) {
  let since: number | null = null
  const stop = core.onCommitted((committed) => {
    tallies.ledgerRecords.add(committed.length)
    if (since !== null) tallies.ledgerCommit.observe((performance.now() - since) / 1000)
    since = null
  })
  return {
    stop,
    recording(): void {
      since ??= performance.now()
    },
  }
}

function readiness({ catalogue, health }: ObservedParts): Record<string, boolean> {
  const states = health()
  return Object.fromEntries(
    catalogue()
      .destinations.filter(({ state }) => state === 'enabled' || state === 'discovered')
      .map(({ id }) => [id, (states[id] ?? 'ready') === 'ready']),
  )
}

const sumOf = (counts: readonly OpenCounts[]): OpenCounts => ({
  requests: counts.reduce((sum, { requests }) => sum + requests, 0),
  streams: counts.reduce((sum, { streams }) => sum + streams, 0),
})

/** Compares digests, so that the time tells nothing of the key. */
function isSame(presented: string, key: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return key !== undefined && timingSafeEqual(digest(presented), digest(key))
}

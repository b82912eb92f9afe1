import { createHmac, createSecretKey } from 'node:crypto'
import { tableOf } from '#classify/class-edits.ts'
import { createClassifier } from '#classify/classify.ts'
import { ClassificationMemo } from '#classify/memo.ts'
import type { CacheRow, CacheStore } from '#caches/ports.ts'
import { evidenceKeys } from '#identity/evidence-keys.ts'
import type { DecisionEvent, LedgerEvent } from '#ledger/event.ts'
import type { SealedContent } from '#ledger/ports.ts'
import { NO_LIMITS } from '#pipeline/limits.ts'
import { DEFAULT_TRYING } from '#pipeline/retry-plan.ts'
import { createTraffic } from '#providers/health/traffic.ts'
import { ok } from '#kernel/result.ts'
import { openAnswerCache, type OpenAnswerCache } from '../../src/main/answer-cache.ts'
import type { Core } from '../../src/main/core.ts'
import { openKeeping } from '../../src/main/keep-content.ts'
import { createLog } from '../../src/main/log.ts'
import { logRequest } from '../../src/main/observe.ts'
import { servingWith, type HouseWithoutLines } from '../../src/main/serving.ts'
import { openOtlp } from '../../src/telemetry/otlp.ts'
import { emptyHouseTallies } from '../../src/telemetry/scrape.ts'
import { openTelemetry } from '../../src/telemetry/telemetry.ts'
import { watchRequest } from '../../src/telemetry/watch.ts'
import type { Dice } from './dice.ts'
import type { Organisation } from './organisation.ts'
import { recordingAsk, type Recorded } from './upstreams.ts'

/** Everything that content could be found in, although it should not. */
export type Sink = 'ledger' | 'log' | 'metrics' | 'traces' | 'rows' | 'vault'

export interface Sinks {
  left(one: Recorded): void
  /** A text that a sink was given. */
  noted(sink: Sink, text: string): void
  decided(id: string, event: DecisionEvent): void
}

/** One organisation, served by the real parts of the program; destinations, disks and collectors are witnesses. */
export function openWorld(of: () => Organisation, dice: Dice, sinks: Sinks) {
  let now = 1_700_000_000_000
  const clock = (): number => (now += 1)
  let made = 0
  const newId = (): string => uuid((made += 1))
  const keys = evidenceKeys(createSecretKey(Buffer.alloc(32, 3)))
  const log = createLog('info', clock, (lines) => sinks.noted('log', lines))
  const vaultRows: SealedContent[] = []
  const config = () => ({ cache: of().cache, content: of().content })
  const keeper = {
    policy: () => of().policy,
    catalogue: () => of().catalogue,
    policies: { current: () => ({ policy: of().policy, staged: null, shadow: null }) },
  }
  const core = { store: { content: contentRows(vaultRows, sinks) }, evidenceKeys: keys, clock }
  // the parts of the core and of the catalogue that keeping asks for
  const { gate, vault, keep } = openKeeping(
    core as unknown as Core,
    keeper as unknown as Parameters<typeof openKeeping>[1],
    config,
    log,
  )
  const classifier = createClassifier(
    undefined,
    new ClassificationMemo({ key: createSecretKey(Buffer.alloc(32, 5)) }),
  )
  const traffic = createTraffic({ clock, random: () => dice.next(), sleep: async () => {} })
  const record = (event: LedgerEvent, options: { readonly id?: string }) => {
    const id = options.id ?? newId()
    sinks.noted('ledger', JSON.stringify(event))
    if (event.type === 'decision') sinks.decided(id, event)
    return ok({ id, leaf: 'ab', durable: Promise.resolve(ok(undefined)) })
  }
  const pipeline: HouseWithoutLines = {
    classify: (parts, tenant) =>
      classifier(parts, { floor: of().policy.floor, ...(tenant ? { tenant } : {}) }),
    gate,
    readiness: () => ({ health: {}, progress: '' }),
    traffic,
    sleep: async () => {},
    random: () => dice.next(),
    trying: () => DEFAULT_TRYING,
    limits: NO_LIMITS,
    record,
    keep,
    masking: {
      table: () => tableOf(null),
      digest: (tenant, destination) => (text) =>
        createHmac('sha256', `${tenant}/${destination}`).update(text).digest(),
    },
    clock,
    now: clock,
    newId,
  }
  const ask = recordingAsk(
    () => of().catalogue.destinations,
    dice,
    { record: (one) => sinks.left(one) },
    clock,
  )
  const lines = {
    lease: () => ({ ask, release: () => {} }),
    renew: () => {},
    close: async () => {},
  }
  const telemetry = openTold(dice, clock, sinks)
  let answers: OpenAnswerCache | null = null
  let house = pipeline
  /** Another organisation: what is kept of the last one is none of its business. */
  const renew = (): void => {
    answers?.close()
    answers = openAnswerCache({
      settings: () => of().cache,
      store: { changes: { listen: () => () => {} } },
      rows: cacheRows(sinks),
      keys,
      clock,
      house: pipeline,
      lines,
      sweeps: false,
    })
    house = { ...pipeline, cache: answers.cache }
    vaultRows.length = 0
  }
  return {
    gate,
    vault,
    vaultRows,
    clock,
    newId,
    renew,
    serve: (...args: Parameters<ReturnType<typeof servingWith>>) =>
      servingWith(house, lines)(...args),
    watch: telemetry.watch,
    /** What is only told when it is asked for. */
    async flush(): Promise<void> {
      sinks.noted('metrics', (await telemetry.scrape()).text)
    },
    cache: () => answers,
    close: () => {
      answers?.close()
      return telemetry.close()
    },
    log,
  }
}
export type World = ReturnType<typeof openWorld>

/** Log lines, metrics and traces of every request. */
function openTold(dice: Dice, clock: () => number, sinks: Sinks) {
  const log = createLog('info', clock, (lines) => sinks.noted('log', lines))
  const otlp = openOtlp({
    send: (_path, body) => {
      sinks.noted('traces', body)
      return Promise.resolve('taken')
    },
    version: '0',
    serviceName: 'ecluse',
    instance: 'i',
    sampleRatio: 1,
    placeOf: () => null,
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => dice.below(256)),
    scheduler: {
      after: (_ms, then) => {
        const timer = setImmediate(then)
        timer.unref()
        return () => clearImmediate(timer)
      },
    },
    told: () => {},
  })
  const telemetry = openTelemetry({
    otlp,
    house: emptyHouseTallies(),
    sources: {
      version: '0',
      open: () => open,
      ledger: () => ({ queued: 0, failures: 0 }),
      engine: () => 'disabled',
      engineStates: ['disabled'],
      ready: () => ({}),
    },
  })
  const open = { requests: 0, streams: 0 }
  const ports = {
    clock,
    now: () => performance.now(),
    open,
    observe(seen: Parameters<typeof telemetry.observe>[0]) {
      logRequest(log, seen)
      telemetry.observe(seen)
    },
  }
  return {
    watch: (request: string) =>
      watchRequest(ports, { request, route: '/v1/x', traceparent: undefined }),
    scrape: () => telemetry.scrape(),
    close: () => telemetry.close(),
  }
}

const bytesOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** A database that shows the witness every row. */
function cacheRows(sinks: Sinks): CacheStore {
  const rows = new Map<string, CacheRow>()
  const key = (tenant: string, of: string): string => `${tenant}\n${of}`
  return {
    put(row) {
      sinks.noted('rows', `${JSON.stringify({ ...row, sealed: '' })}${bytesOf(row.sealed)}`)
      rows.set(key(row.tenant, row.key), row)
      return Promise.resolve()
    },
    get: (tenant, of) => Promise.resolve(rows.get(key(tenant, of)) ?? null),
    alike: (tenant, bucket, limit) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => row.tenant === tenant && row.bucket === bucket)
          .slice(-limit),
      ),
    remove: () => Promise.resolve(0),
    removeExpired: () => Promise.resolve(0),
    stats: () => Promise.resolve({ answers: rows.size, bytes: 0 }),
  }
}

function contentRows(rows: SealedContent[], sinks: Sinks) {
  const wrapped = new Map<string, Uint8Array>()
  return {
    ownerKey(tenant: string, owner: string, fresh: Uint8Array) {
      const known = wrapped.get(`${tenant}\n${owner}`) ?? fresh
      wrapped.set(`${tenant}\n${owner}`, known)
      return Promise.resolve(known)
    },
    put(content: SealedContent) {
      sinks.noted('vault', bytesOf(content.sealed))
      rows.push(content)
      return Promise.resolve()
    },
    get: (tenant: string, decision: string) =>
      Promise.resolve(
        rows
          .filter((row) => row.tenant === tenant && row.decision === decision)
          .map((row) => ({ ...row, wrapped: wrapped.get(`${tenant}\n${row.owner}`) ?? null })),
      ),
  }
}

const uuid = (count: number): string =>
  `01890000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`

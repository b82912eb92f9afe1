import { createHmac, createSecretKey } from 'node:crypto'
import type { Destination } from '#kernel/destination.ts'
import { tableOf } from '#classify/class-edits.ts'
import { createClassifier } from '#classify/classify.ts'
import { ClassificationMemo } from '#classify/memo.ts'
import { evidenceKeys } from '#identity/evidence-keys.ts'
import type { DecisionEvent, LedgerEvent } from '#ledger/event.ts'
import type { SealedContent } from '#ledger/ports.ts'
import { NO_LIMITS } from '#pipeline/limits.ts'
import { DEFAULT_TRYING } from '#pipeline/retry-plan.ts'
import { createTraffic } from '#providers/health/traffic.ts'
import { ok } from '#kernel/result.ts'
import { openAnswerCache, type OpenAnswerCache } from '../../src/main/answer-cache.ts'
import type { Core } from '../../src/main/core.ts'
import { answerClassifier } from '#guard/answers/classified.ts'
import { holdThrough, openReviewDesk } from '../../src/main/review-desk.ts'
import { gateWithShadow, ShadowCounts } from '#policy/shadow.ts'
import { openKeeping } from '../../src/main/keep-content.ts'
import { createLog } from '../../src/main/log.ts'
import { servingWith, type HouseWithoutLines } from '../../src/main/serving.ts'
import type { Dice } from './dice.ts'
import type { Organisation } from './organisation.ts'
import type { Spoken } from './spoken.ts'
import { cacheRows, contentRows, heldRows } from './stores.ts'
import { openTold } from './told.ts'
import { recordingAsk, type Recorded } from './upstreams.ts'

/** Everything that content could be found in, although it should not. */
export type Sink = 'ledger' | 'log' | 'metrics' | 'traces' | 'rows' | 'vault' | 'held'

export interface Sinks {
  left(one: Recorded): void
  /** A destination said something that not everybody may read. */
  said(request: string, spoken: Spoken): void
  /** Time passes between what was sent and what is answered. */
  meanwhile(): void
  /** A text that a sink was given. */
  noted(sink: Sink, text: string): void
  decided(id: string, event: DecisionEvent): void
}

/** One organisation, served by the real parts of the program; destinations, disks and collectors are witnesses. */
export function openWorld(
  of: () => Organisation,
  /** Every place that there ever was: those who began before a change end as they began. */
  places: () => readonly Destination[],
  dice: Dice,
  sinks: Sinks,
) {
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
    policies: {
      current: () => ({ policy: of().policy, staged: of().staged, shadow: of().shadow }),
    },
  }
  const content = contentRows(vaultRows, sinks)
  const held = heldRows(sinks, content)
  const append = (event: LedgerEvent) => {
    sinks.noted('ledger', JSON.stringify(event))
    return ok({ durable: Promise.resolve(ok(undefined)) })
  }
  const alone = <T>(_name: string, work: () => Promise<T>): Promise<T> => work()
  const keyRows = {
    withOwner: (id: string) => {
      const key = of().callers.find(({ keyId }) => keyId === id)
      return Promise.resolve(key ? { key, owner: key } : null)
    },
  }
  const store = { content, heldAnswers: held.store, alone, keys: keyRows }
  const core = { store, evidenceKeys: keys, clock, ledger: { append } }
  // the parts of the core and of the catalogue that keeping asks for
  const { gate, vault, keep } = openKeeping(
    core as unknown as Core,
    keeper as unknown as Parameters<typeof openKeeping>[1],
    config,
    log,
  )
  const shadows = new ShadowCounts()
  const watched = gateWithShadow(gate, () => of().shadow, shadows)
  const desk = openReviewDesk(core as unknown as Core, vault, config)
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
    gate: watched,
    scanners: { stream: answerClassifier(), classify: createClassifier() },
    hold: holdThrough(gate, clock, desk.keep),
    readiness: () => ({ health: {}, progress: '' }),
    traffic,
    // a wait between tries is over at once, a bound on time never comes
    sleep: (ms) => (ms < 10_000 ? Promise.resolve() : new Promise(() => {})),
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
    places,
    dice,
    {
      record: (one) => sinks.left(one),
      said: (request, spoken) => sinks.said(request, spoken),
      meanwhile: () => sinks.meanwhile(),
    },
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
    held.rows.clear()
  }
  return {
    gate,
    vault,
    vaultRows,
    held: held.rows,
    desk: desk.admin,
    placeholders: () => ask.placeholders,
    shadowed: () => shadows.take().length,
    /** The clock of the machine was set. */
    jump: (ms: number): void => {
      now += ms
    },
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

const uuid = (count: number): string =>
  `01890000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`

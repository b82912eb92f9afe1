import { setInterval, clearInterval } from 'node:timers'
import type { Destination, ServedModel } from '#kernel/destination.ts'

import type { HouseEvent } from '#ledger/event.ts'
import { assess, type Assessment } from '#models/vulnerabilities/assess.ts'
import { keptStamp } from '#models/vulnerabilities/kept.ts'
import { readKnown, type Known } from '#models/vulnerabilities/known.ts'
import { knownVersion, productOf } from '#models/vulnerabilities/products.ts'
import {
  assessedView,
  type EngineView,
  type LoadedAdapter,
  type VersionSource,
} from '#models/vulnerabilities/view.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import type { PolicyRule } from '#policy/rule.ts'
import type { ReportedEngine } from '#providers/discover/engine-version.ts'
import type { Log } from './log.ts'

/** Engines are asked for their versions this often where a rule of the policy depends on it, milliseconds. */
const ASK_MS = 300_000
/** Imports are looked for this often, milliseconds. */
const LOOK_MS = 15_000

/** What is known of the engine of one destination. */
interface Engine {
  readonly destination: Destination
  readonly product: string | null
  readonly version: string | null
  readonly versionFrom: VersionSource
  readonly adapters: readonly LoadedAdapter[]
  readonly assessment: Assessment | null
}

export interface EngineWatchParts {
  /** Where imports are kept. */
  readonly folder: string
  readonly destinations: () => readonly Destination[]
  readonly policies: () => PoliciesInForce
  /** Asks a server which engine it is. */
  readonly ask: (destination: Destination) => Promise<ReportedEngine | null>
  /** Release of the engine on board. */
  readonly bundled: () => string | null
  /** Records what happens, and says whether it is on the disk; absent where nothing is served. */
  readonly record?: ((event: HouseEvent) => Promise<boolean>) | undefined
  /** Resolves once decisions are made by it. */
  readonly changed: () => Promise<void>
  readonly log: Log
}

/** Which engines run, in which versions, and what is known against them. */
export interface EngineWatch {
  /** The model with the higher of the figure configured and the one computed. */
  readonly rated: (destination: Destination, model: ServedModel) => ServedModel
  /** Asks every engine now. */
  readonly look: () => Promise<{ readonly engines: readonly EngineView[]; readonly known: Known }>
  /** Something that it depends on has changed. */
  readonly tick: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Watches engines. They are asked without being told to only where a rule has a `max_cvss`. */
export function watchEngines(parts: EngineWatchParts): EngineWatch {
  const watch = new Watch(parts)
  const timer = setInterval(() => void watch.tick(), LOOK_MS)
  timer.unref()
  void watch.tick()
  return {
    rated: watch.rated,
    look: watch.look,
    tick: watch.tick,
    close: async () => {
      clearInterval(timer)
      await watch.idle()
    },
  }
}

class Watch {
  readonly #parts: EngineWatchParts
  #engines: ReadonlyMap<string, Engine> = new Map()
  #known: Known | null = null
  #stamp: string | null = null
  #asked: { readonly at: number; readonly of: string } | null = null
  /** Whether some rule has a `max_cvss`. */
  #isActive = false
  #running: Promise<void> = Promise.resolve()
  /** Destinations that exceed a rule, as it was told last. */
  #exceeding = new Set<string>()

  constructor(parts: EngineWatchParts) {
    this.#parts = parts
  }

  rated = (destination: Destination, model: ServedModel): ServedModel => {
    // nothing asks for it: what is decided by stays as it is
    if (limitingRules(this.#parts.policies()).length === 0) return model
    const cvss = this.#engines.get(destination.id)?.assessment?.cvss ?? null
    return cvss === null ? model : { ...model, cvss: Math.max(cvss, model.cvss ?? 0) }
  }

  look = async (): ReturnType<EngineWatch['look']> => {
    await this.#inTurn(() => this.#update(true))
    const known = this.#known ?? (await readKnown(this.#parts.folder))
    const rules = limitingRules(this.#parts.policies())
    return { known, engines: [...this.#engines.values()].map((one) => viewOf(one, rules)) }
  }

  tick = (): Promise<void> => this.#inTurn(() => this.#update(false))

  idle = (): Promise<void> => this.#running

  /** One after the other: two at once would tell the same thing twice. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#running.then(work).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : 'unknown'
      this.#parts.log('error', { code: 'engine-watch', name })
    })
    this.#running = turn
    await turn
  }

  async #update(isAsked: boolean): Promise<void> {
    const rules = limitingRules(this.#parts.policies())
    const wasActive = this.#isActive
    this.#isActive = rules.length > 0
    // nothing depends on it: nothing is read, and nobody is asked
    if (!this.#isActive && !isAsked) {
      if (wasActive) await this.#parts.changed()
      return
    }
    const known = await this.#readKnown()
    const destinations = this.#parts.destinations().filter(({ state }) => state !== 'disabled')
    const of = destinations.map(({ id, address }) => `${id} ${JSON.stringify(address)}`).join('\n')
    const isDue = this.#asked?.of !== of || Date.now() - this.#asked.at >= ASK_MS
    const reported =
      isAsked || (rules.length > 0 && isDue)
        ? await this.#reported(destinations, of)
        : this.#lastReported()
    const before = this.#figures()
    this.#engines = new Map(
      destinations.map((one) => [one.id, this.#engineOf(one, reported.get(one.id) ?? null, known)]),
    )
    if (this.#figures() !== before || this.#isActive !== wasActive) await this.#parts.changed()
    await this.#tellExceeding(rules)
  }

  /** What is known, with the imports as they are now; those that cannot be recorded wait for the next look. */
  async #readKnown(): Promise<Known> {
    const { folder, log } = this.#parts
    const stamp = await keptStamp(folder)
    if (this.#known !== null && stamp === this.#stamp) return this.#known
    const read = await readKnown(folder)
    const { imported, broken } = read
    if (this.#known !== null) {
      const { records, statements } = imported
      // a statement can let traffic through again: only the owner of the machine can write one here
      const isRecorded = await this.#record({
        type: 'admin',
        v: 1,
        actor: 'local',
        action: 'vulnerabilities-imported',
        subject: `records:${records} statements:${statements}`,
      })
      if (!isRecorded) return this.#known
      log('info', { code: 'vulnerabilities-changed', ...imported })
    }
    if (broken.length > 0) log('error', { code: 'vulnerabilities-broken', files: broken.length })
    this.#known = read
    this.#stamp = stamp
    return read
  }

  /** Whoever is answered finds it in the ledger. */
  async #record(event: HouseEvent): Promise<boolean> {
    const isRecorded = (await this.#parts.record?.(event)) ?? true
    if (!isRecorded) this.#parts.log('error', { code: 'engine-watch-unrecorded', type: event.type })
    return isRecorded
  }

  async #reported(
    destinations: readonly Destination[],
    of: string,
  ): Promise<ReadonlyMap<string, ReportedEngine | null>> {
    const answers = await Promise.all(
      destinations.map(async (one) => [one.id, await this.#parts.ask(one)] as const),
    )
    this.#asked = { at: Date.now(), of }
    // a server that does not answer now ran something before: that is the better guess
    const last = this.#lastReported()
    return new Map(answers.map(([id, answer]) => [id, answer ?? last.get(id) ?? null]))
  }

  #lastReported(): ReadonlyMap<string, ReportedEngine> {
    return new Map(
      [...this.#engines.values()].flatMap(
        ({ destination, product, version, versionFrom, adapters }) =>
          versionFrom === 'reported' && product !== null
            ? [[destination.id, { product, version, adapters }] as const]
            : [],
      ),
    )
  }

  #engineOf(destination: Destination, reported: ReportedEngine | null, known: Known): Engine {
    const told = this.#told(destination, reported)
    const assessment = told.product === null ? null : assess(told.product, told.version, known)
    return { destination, ...told, adapters: reported?.adapters ?? [], assessment }
  }

  #told(
    { engine, origin }: Destination,
    reported: ReportedEngine | null,
  ): Pick<Engine, 'product' | 'version' | 'versionFrom'> {
    if (origin === 'embedded')
      return { product: 'llama.cpp', version: this.#parts.bundled(), versionFrom: 'bundled' }
    // what a server says of itself is newer than what somebody wrote down, if anybody can read it
    const product = reported && productOf(reported.product)
    const isReadable = product !== null && knownVersion(product, reported?.version ?? null) !== null
    if (reported !== null && (isReadable || engine?.version === undefined))
      return { product: reported.product, version: reported.version, versionFrom: 'reported' }
    if (engine === undefined) return { product: null, version: null, versionFrom: 'unknown' }
    const { name, version = null } = engine
    return { product: name, version, versionFrom: version === null ? 'unknown' : 'configured' }
  }

  #figures(): string {
    return [...this.#engines]
      .map(([id, { assessment }]) => `${id} ${assessment?.cvss ?? '?'}`)
      .join('\n')
  }

  /** Decisions go by it already; what could not be recorded is told at the next look. */
  async #tellExceeding(rules: readonly LimitingRule[]): Promise<void> {
    for (const [id, engine] of this.#engines) {
      const isExceeding = exceededBy(engine, rules).length > 0
      if (isExceeding === this.#exceeding.has(id)) continue
      const worst = engine.assessment?.findings.filter(({ counts }) => counts).slice(0, WORST) ?? []
      const ids = worst.map(({ vulnerability }) => vulnerability.id)
      const isRecorded = await this.#record({
        type: 'model-admission',
        v: 1,
        actor: 'system',
        model: `${id}/*`,
        digest: null,
        decision: isExceeding ? 'withdrawn' : 'admitted',
        reasons: isExceeding ? ['engine-vulnerable', ...ids] : ['engine-fixed'],
      })
      if (!isRecorded) continue
      if (isExceeding) this.#exceeding.add(id)
      else this.#exceeding.delete(id)
    }
  }
}

/** Flaws named in a record. */
const WORST = 5

interface LimitingRule {
  readonly id: string
  readonly maxCvss: number
}

/** Rules with a `max_cvss`, of every policy that decides something. */
function limitingRules({ policy, staged, shadow }: PoliciesInForce): readonly LimitingRule[] {
  const all = [policy, staged?.policy, shadow].flatMap((one) => one?.rules ?? [])
  const rules: readonly PolicyRule[] = all
  return rules.flatMap(({ id, allow }) =>
    allow?.maxCvss === undefined ? [] : [{ id, maxCvss: allow.maxCvss }],
  )
}

/** The rules that what is known, or configured, of an engine is too much for; the higher one counts. */
function exceededBy(engine: Engine, rules: readonly LimitingRule[]): readonly string[] {
  const cvss = Math.max(engine.assessment?.cvss ?? -1, configuredCvss(engine) ?? -1)
  return [...new Set(rules.filter(({ maxCvss }) => cvss > maxCvss).map(({ id }) => id))]
}

function configuredCvss({ destination }: Engine): number | null {
  const given = destination.models.flatMap(({ cvss }) => (cvss === undefined ? [] : [cvss]))
  return given.length === 0 ? null : Math.max(...given)
}

function viewOf(engine: Engine, rules: readonly LimitingRule[]): EngineView {
  const { destination, product, version, versionFrom, adapters, assessment } = engine
  const assessed = assessment && assessedView(assessment)
  return {
    destination: destination.id,
    zone: destination.zone,
    models: destination.models.map(({ name }) => name),
    product,
    name: assessed?.name ?? null,
    // as it was told, also where nothing can be concluded from it
    version,
    versionFrom,
    ...(adapters.length === 0 ? {} : { adapters }),
    cvss: assessed?.cvss ?? null,
    configured: configuredCvss(engine),
    exceeds: exceededBy(engine, rules),
    findings: assessed?.findings ?? [],
  }
}

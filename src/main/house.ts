import { explainFinding } from '#classify/explain.ts'
import type { Destination } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { Health } from '#kernel/verdict.ts'
import { decisionRow, outcomeView } from '#ledger/decision-row.ts'
import type { BoardModel, InForce } from '#ledger/in-force.ts'
import { readEvent } from '#ledger/read-event.ts'
import type { Committed } from '#ledger/writer.ts'
import type { EngineView, GatewayHouse, LiveEvent } from '#gateway/ports.ts'
import type { MeasuredTraffic } from '#providers/health/traffic.ts'
import type { Config } from '#config/types.ts'
import type { AdmissionKeeper } from './admissions.ts'
import { openCatalogue } from './open-catalogue.ts'
import { holdThrough, openReviewDesk, type ReviewDesk } from './review-desk.ts'
import { answerScanners } from './answer-scanners.ts'
import { openBudgetOffice, type BudgetOffice } from './budget-office.ts'
import { openAnswerCache, type OpenAnswerCache } from './answer-cache.ts'
import { cachesAdmin } from './caches-admin.ts'
import { openClassification } from './classification.ts'
import type { Vault } from '#ledger/content/vault.ts'
import { evidenceAdmin } from './evidence-admin.ts'
import { evidenceIn, type Core } from './core.ts'
import { openDoors } from './doors.ts'
import { keepCredentials, type CredentialKeeper } from './credential-keeper.ts'
import type { LineGenerations } from './line-generations.ts'
import { needsNewLines, type LiveConfig } from './live-config.ts'
import type { AdjustableLog } from './log.ts'
import { observeHouse, type Observed } from './observe.ts'
import { createReloader, type LoadConfig } from './reload.ts'
import { leasedLines, maskingWith, servingWith, type HouseWithoutLines } from './serving.ts'
import { lookAt } from './looked-at.ts'
import { openKeeping, type Keeping } from './keep-content.ts'
import type { CatalogueKeeper } from './catalogue-keeper.ts'
import type { LiveOwnTerms } from './own-terms.ts'
import type { PolicyKeeper } from './policy-keeper.ts'
import { openQuotas, type OpenQuotas } from './quotas.ts'
import { bothHealths, resilience } from './resilience.ts'
import { steadyNow } from './shared-clock.ts'
import { configuredLimits } from './traffic-settings.ts'

/** The engine on board, as the house sees it. */
export interface BoardEngine {
  readonly view: () => EngineView
  /** Null when it is switched off. */
  readonly destination: () => Destination | null
  readonly health: () => 'ready' | 'not-ready'
  /** Words for a caller who came too early. */
  readonly progress: () => string
  /** Calls back when the models on board change. */
  readonly onModels: (listener: () => void) => void
  /** The models in the store; null when the engine is switched off. */
  readonly onBoard: () => readonly BoardModel[] | null
  /** Tells which weights may be loaded, now and whenever that changes. */
  readonly admits: (mayLoad: (digest: string) => boolean) => void
}

export interface HouseParts {
  readonly config: Config
  readonly core: Core
  readonly engine: BoardEngine
  readonly discovered: readonly Destination[]
  readonly page: GatewayHouse['page']
  readonly log: AdjustableLog
  readonly version: string
  /** Tells the ledger what decisions are made by; absent where none are made for callers. */
  readonly inForce?: InForce
  /** Reads the configuration again; absent where nothing can have changed it. */
  readonly reloadFrom?: LoadConfig
}

export interface OpenHouse {
  readonly house: GatewayHouse
  readonly live: LiveConfig
  readonly observed: Observed
  readonly quotas: OpenQuotas
  readonly office: BudgetOffice
  /** Keep an answer that a worker holds, and texts of a request that it served. */
  readonly keepHeld: ReviewDesk['keep']
  readonly keepText: Keeping['keepText']
  readonly answers: OpenAnswerCache
  readonly admissions: AdmissionKeeper
  readonly policies: PolicyKeeper
  /** Calls back after a new configuration is in force. */
  readonly onApplied: (listener: () => void) => void
  /** Calls back when the company's own terms in the data directory are others. */
  readonly onOwnTerms: (listener: () => void) => void
  /** Builds now what the first request would wait for. */
  readonly warm: () => void
  readonly close: () => Promise<void>
}

/** Wires the rooms together. */
export async function openHouse(parts: HouseParts): Promise<OpenHouse> {
  const { core, engine, log } = parts
  const live: LiveConfig = { current: parts.config }
  const { ledger, clock, newId } = core
  const listeners: (() => void)[] = []
  let renew = (): void => {}
  const credentials = await openCredentials(core, live, log, () => {
    renew()
    for (const listener of listeners) listener()
  })
  const { admissions, keeper } = await openCatalogue(parts, live)
  const { gate, vault, keep, keepText, desk } = openKept(core, keeper, live, log)
  const lines = leasedLines(live, () => keeper.catalogue().destinations, clock)
  renew = () => lines.renew()
  const classification = openClassification(parts, live)
  const trying = resilience(steadyNow, live, 1)
  const quotas = await openQuotas({ core, config: live, log })
  const health = (): Health => healthOf(trying.traffic, engine)
  const observed = observeHere(parts, () => live.current, health, keeper)
  const office = await openBudgetOffice(core, live, log)
  const readers = readersOf(core, live, classification.own)
  const pipeline: HouseWithoutLines = {
    classify: classification.classify,
    gate: keeper.policies.over(gate),
    readiness: () => ({ health: health(), progress: engine.progress() }),
    ...trying,
    limits: quotas.limits,
    record: recordingTo(ledger, observed),
    funds: office.funds,
    keep,
    ...readers,
    hold: holdThrough(gate, clock, desk.keep),
    clock,
    now: steadyNow,
    newId,
  }
  const answers = answersHere(core, live, pipeline, lines, observed)
  listeners.push(quotas.configured, office.applied, admissions.configured)
  const reload = createReloader({
    live,
    log,
    tallies: observed.tallies,
    load: loadWith(parts.reloadFrom, credentials),
    versions: () => ({ policy: gate.policy().version, catalogue: gate.catalogue().version }),
    apply: (next, actor) =>
      applyTo({ core, keeper, live, lines, traffic: trying.traffic, log, listeners }, next, actor),
  })
  const doors = openDoors(core, live, log)
  const { keeper: bills, ...seen } = lookAt(parts, live, classification, keeper, admissions)
  const house: GatewayHouse = {
    version: parts.version,
    startedAt: clock(),
    clock,
    newId,
    ...doors.ways,
    gate,
    health,
    engine: engine.view,
    classify: classification.classify,
    explainFinding,
    masking: readers.masking,
    serve: servingWith({ ...pipeline, cache: answers.cache }, lines),
    watch: observed.watch,
    metrics: observed.metrics,
    reload,
    ...evidenceOf(core, vault, answers),
    reviews: desk.admin,
    limitsOf: (destination) => configuredLimits(live.current, destination),
    ...seen,
    ...adminsOf({ quotas, keeper, office, credentials, admissions }),
    page: parts.page,
    log,
  }
  const own = [bills, admissions, doors, office, keeper, lines, quotas, classification, observed]
  const close = (): Promise<void> => closeAll([closing(answers), ...own])
  const others = told(classification, keeper, admissions)
  const open = { ...others, live, observed, quotas, office, answers }
  return { ...open, keepHeld: desk.keep, keepText, house, onApplied: adding(listeners), close }
}

/** Those who read texts on the way out, and answers on the way back. */
const readersOf = ({ identity }: Core, live: LiveConfig, own: LiveOwnTerms) => ({
  masking: maskingWith(identity, () => live.current),
  scanners: answerScanners(own),
})

/** How the configuration is read again, credentials that were given here put in; null where nothing can have changed it. */
const loadWith = (load: LoadConfig | undefined, { over }: CredentialKeeper): LoadConfig | null =>
  load ? () => mapped(load(), over) : null

/** Where texts are kept, and where answers wait. */
function openKept(core: Core, keeper: CatalogueKeeper, live: LiveConfig, log: AdjustableLog) {
  const keeping = openKeeping(core, keeper, () => live.current, log)
  return { ...keeping, desk: openReviewDesk(core, keeping.vault, () => live.current) }
}

const recordingTo =
  (ledger: Core['ledger'], observed: Observed): HouseWithoutLines['record'] =>
  (event, options) => {
    observed.recording()
    return ledger.append(event, options)
  }

type Told = Pick<OpenHouse, 'onOwnTerms' | 'warm'>

const told = (
  { onOwnTerms, warm }: Told,
  { policies }: CatalogueKeeper,
  admissions: AdmissionKeeper,
): Told & Pick<OpenHouse, 'policies' | 'admissions'> => ({ onOwnTerms, warm, policies, admissions })

const adding =
  (listeners: (() => void)[]): OpenHouse['onApplied'] =>
  (listener) =>
    void listeners.push(listener)

/** What was seen of destinations, and what the engine on board says of itself. */
function healthOf(traffic: MeasuredTraffic, engine: BoardEngine): Health {
  const board = engine.destination()
  return bothHealths(traffic.health(), board ? { [board.id]: engine.health() } : {})
}

function observeHere(
  { core, log, version, engine }: HouseParts,
  config: () => Config,
  health: () => Health,
  { catalogue, policies }: CatalogueKeeper,
): Observed {
  const observed = observeHouse({
    config,
    core,
    log,
    version,
    engine: engine.view,
    health,
    catalogue,
  })
  policies.onShadowed(({ class: of, change, from, to, requests }) =>
    observed.tallies.shadow.add(requests, of, change, from ?? 'none', to ?? 'none'),
  )
  return observed
}

type Administered = 'setDestination' | 'quotas' | 'policy' | 'budgets' | 'credentials' | 'models'

/** What administrators change, of each who keeps it. */
const adminsOf = (of: {
  readonly quotas: OpenQuotas
  readonly keeper: CatalogueKeeper
  readonly office: BudgetOffice
  readonly credentials: CredentialKeeper
  readonly admissions: AdmissionKeeper
}): Pick<GatewayHouse, Administered> => ({
  setDestination: of.keeper.setDestination,
  quotas: of.quotas.admin,
  policy: of.keeper.policies.admin,
  budgets: of.office.admin,
  credentials: of.credentials.admin,
  models: of.admissions.admin,
})

const answersHere = (
  { store, evidenceKeys, clock }: Core,
  live: LiveConfig,
  house: HouseWithoutLines,
  lines: LineGenerations,
  { tallies }: Observed,
): OpenAnswerCache => {
  const answers = openAnswerCache({
    tell: (event) => tallies.cache.add(1, event),
    settings: () => live.current.cache,
    store,
    rows: store.answers,
    keys: evidenceKeys,
    clock,
    house,
    lines,
    sweeps: true,
  })
  tallies.cacheBytes.read = () => answers.kept.memoryBytes
  return answers
}

const closing = ({ close }: OpenAnswerCache) => ({ close: async () => close() })

/** One after the other, in this order. */
async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.close()
}

const openCredentials = (
  { vault, ledger, store }: Core,
  live: LiveConfig,
  log: AdjustableLog,
  changed: () => void,
): Promise<CredentialKeeper> =>
  keepCredentials({
    vault,
    evidence: evidenceIn(ledger),
    log,
    live,
    onElsewhere: (listener) =>
      store.changes.listen((topic) => {
        if (topic === null || topic === 'secrets') listener()
      }),
    changed,
  })

/** What of the ledger the admin API shows. A reader finds what it has just been told of, although commits wait for company. */
const evidenceOf = (
  core: Core,
  vault: Vault,
  answers: OpenAnswerCache,
): Pick<
  GatewayHouse,
  | 'caches'
  | 'decisions'
  | 'decision'
  | 'live'
  | 'recording'
  | 'configuration'
  | 'evidence'
  | 'turnedAway'
> => ({
  configuration: core.configuration.current,
  turnedAway: (code, door) => core.refusals.add(code, door, null),
  evidence: evidenceAdmin(core, vault, core.evidenceKeys.subjectDigest, answers.cache),
  caches: cachesAdmin(core, answers),
  recording: () => (core.chains.isSpooling() ? 'spooling' : 'recording'),
  decisions: (query) => core.ledger.flush().then(() => core.store.decisions.decisions(query)),
  decision: (id, tenant) =>
    core.ledger.flush().then(() => oneDecision(core.store.ledger, id, tenant)),
  live: (tenant, listener) =>
    core.onCommitted((committed) => {
      const own = committed.filter(({ record }) => record.tenant === tenant)
      own.flatMap(liveEvents).forEach(listener)
    }),
})

interface Applying {
  readonly core: Core
  readonly keeper: CatalogueKeeper
  readonly live: LiveConfig
  readonly lines: LineGenerations
  readonly traffic: MeasuredTraffic
  readonly log: AdjustableLog
  readonly listeners: readonly (() => void)[]
}

/** Puts a configuration in force, then tells those who have a copy. */
async function applyTo(
  { core, keeper, live, lines, traffic, log, listeners }: Applying,
  next: Config,
  actor: string,
): Promise<Result<void, Refusal>> {
  const before = live.current
  const applied = await keeper.apply(next, actor)
  if (!applied.ok) return applied
  if (needsNewLines(before, next)) lines.renew()
  traffic.limitsChanged()
  log.setLevel(next.log.level)
  core.configuration.set(next)
  core.chains.renew()
  for (const listener of listeners) listener()
  return applied
}

function liveEvents({ record, event }: Committed): LiveEvent[] {
  if (event.type === 'decision') {
    return [{ kind: 'decision', row: decisionRow(record.id, record.at, event, null) }]
  }
  return event.type === 'outcome'
    ? [{ kind: 'outcome', decision: event.decision, outcome: outcomeView(event) }]
    : []
}

async function oneDecision(
  ledger: Core['store']['ledger'],
  id: string,
  tenant: string,
): ReturnType<GatewayHouse['decision']> {
  const records = (await ledger.byId(id)).filter((record) => record.tenant === tenant)
  const events = records.map(({ payload }) => (payload === null ? null : readEvent(payload)))
  const decision = events.find((event) => event?.type === 'decision')
  const outcome = events.find((event) => event?.type === 'outcome')
  if (decision?.type !== 'decision') return null
  return decisionRow(
    id,
    records[0]?.at ?? 0,
    decision,
    outcome?.type === 'outcome' ? outcome : null,
  )
}

const mapped = <T, E>(result: Result<T, E>, change: (value: T) => T): Result<T, E> =>
  result.ok ? ok(change(result.value)) : result

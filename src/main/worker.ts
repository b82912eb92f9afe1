// A worker process: the data plane and nothing else. Started by supervise.ts, ends with it.
import { randomBytes as osRandomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { createClassifier } from '#classify/classify.ts'
import type { CacheRow, CacheScope } from '#caches/ports.ts'
import { ClassificationMemo } from '#classify/memo.ts'
import type { Said } from '#cli/terminal.ts'
import type { Config } from '#config/types.ts'
import { buildDataPlane, type App } from '#gateway/app.ts'
import { forwardRest } from '#gateway/forward.ts'
import type { DataHouse } from '#gateway/ports.ts'
import { createIdentity, type Identity } from '#identity/identity.ts'
import { evidenceKeys } from '#identity/evidence-keys.ts'
import type { KeyUse } from '#identity/ports.ts'
import { createLedgerWriter, type LedgerWriter } from '#ledger/writer.ts'
import { createGate, type Gate } from '#policy/gate.ts'
import type { Clock } from '#kernel/ports.ts'
import { policyFor } from '#policy/in-force.ts'
import { gateWithShadow } from '#policy/shadow.ts'
import type { Store } from '#store/ports.ts'
import { openAnswerCache, type OpenAnswerCache } from './answer-cache.ts'
import { answerScanners } from './answer-scanners.ts'
import { holdThrough, remoteDesk } from './review-desk.ts'
import { remoteVault, type RemoteVault } from './budget-calls.ts'
import { homePaths } from './home-paths.ts'
import { followKeys } from './follow-keys.ts'
import { workerDoors } from './doors.ts'
import { ownFunds, type OwnFunds } from './funds.ts'
import type { LineGenerations } from './line-generations.ts'
import { needsNewLines, type LiveConfig } from './live-config.ts'
import { committedElsewhere, handedShadows, tell, watchHere, type Commits } from './hand-over.ts'
import { keepingBy, keepThrough, type PackedText } from './keep-content.ts'
import { createLog, type AdjustableLog, type Log } from './log.ts'
import { listenProblem, settingsOf, tlsOf } from './network.ts'
import { readSecrets, type OpenSecrets } from './open-secrets.ts'
import { openConfiguredStore } from './open-store.ts'
import { openClock, steadyNow } from './shared-clock.ts'
import { ownTermsOf, type LiveOwnTerms } from './own-terms.ts'
import { unpackConfig } from './packed-config.ts'
import { bothHealths, resilience } from './resilience.ts'
import { ScanPool } from './scan-pool.ts'
import {
  failClosed,
  leasedLines,
  maskingWith,
  servingWith,
  type HouseWithoutLines,
} from './serving.ts'
import { sameObjects, samePolicies } from './shared-state.ts'
import { uuid7 } from './uuid7.ts'
import { workerQuotas, type WorkerQuotas } from './worker-quotas.ts'
import type { SharedState, ToWorker } from './worker-messages.ts'

/** Last uses of keys are handed over this often, milliseconds. */
const LAST_USED_MS = 60_000
/** Slices of budgets are looked after this often, milliseconds. */
const BEAT_MS = 1000
/** Whether those whose answers run may still have them is looked at this often, milliseconds. */
const SWEEP_MS = 5_000
const randomBytes = (length: number): Uint8Array => osRandomBytes(length)

/** What a running worker listens to. */
interface Running {
  readonly app: App
  readonly identity: Identity
  readonly ledger: LedgerWriter
  readonly money: Money
  readonly hand: () => void
  readonly acknowledge: Commits['acknowledge']
  readonly quotas: WorkerQuotas
  readonly clearAnswers: (scope: CacheScope) => void
  readonly setState: (state: SharedState) => void
  readonly readOwnTerms: () => void
  readonly setConfig: (config: Config, state: SharedState) => void
}

let running: Running | null = null
const heldElsewhere = remoteDesk((call, what) => tell({ kind: 'hold-call', call, what }))

// the supervisor is gone: nobody commits what would be decided here
process.on('disconnect', () => process.exit(1))
process.on('SIGINT', () => {})
process.on('message', (message: ToWorker) => void receive(message))
tell({ kind: 'hello' })

async function receive(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'start':
      running = await start(message)
      break
    case 'state':
      running?.setState(message.state)
      break
    case 'config':
      running?.setConfig(unpackConfig(message.config), message.state)
      break
    case 'own-terms':
      running?.readOwnTerms()
      break
    case 'clear-answers':
      running?.clearAnswers(message.scope)
      break
    case 'quota':
      running?.quotas.change(message.change)
      break
    case 'leased':
      running?.quotas.leased(message.batch, message.grants)
      break
    case 'budgets':
      running?.money.funds.setBudgets(message.budgets)
      break
    case 'budget-answer':
      running?.money.vault.answered(message.call, message.answer)
      break
    case 'hold-answer':
      heldElsewhere.answered(message.call, message.isKept)
      break
    case 'appended':
      running?.acknowledge(message.batch, message.how)
      break
    case 'forget':
      running?.identity.forget(message.key)
      break
    case 'drain':
      await running?.app.drain(message.deadlineMs)
      running?.hand()
      await running?.quotas.close()
      await running?.ledger.close()
      await running?.money.funds.bank.close()
      await running?.identity.flushLastUsed()
      process.exit(0)
  }
}

type Order = Extract<ToWorker, { kind: 'start' }>

async function start(order: Order): Promise<Running | null> {
  const config = unpackConfig(order.config)
  const opened = await openConfiguredStore(config, homePaths(config.home).database, {
    readOnly: true,
  })
  if (!opened.ok) {
    tell({ kind: 'failed', said: CANNOT_OPEN })
    return null
  }
  const { clock } = await openClock(opened.value)
  const secrets = await readSecrets(config, opened.value, clock)
  if (!secrets.ok) {
    tell({ kind: 'failed', said: CANNOT_OPEN })
    return null
  }
  const worker = wire(order, config, { store: opened.value, secrets: secrets.value, clock })
  setInterval(() => void worker.identity.flushLastUsed(), LAST_USED_MS).unref()
  setInterval(() => void worker.identity.exchanges.sweep(), SWEEP_MS).unref()
  try {
    await worker.app.fastify.listen({ host: config.listen.host, port: order.port })
  } catch (error) {
    tell({ kind: 'failed', said: listenProblem(error, config.listen.host, order.port) })
    return null
  }
  const address = worker.app.fastify.server.address()
  tell({
    kind: 'listening',
    port: typeof address === 'object' && address ? address.port : order.port,
  })
  return worker
}

const CANNOT_OPEN: Said = {
  en: 'A worker could not open the data directory.',
  fr: "Un processus de travail n'a pas pu ouvrir le dossier de données.",
}

interface Opened {
  readonly store: Store
  readonly secrets: OpenSecrets
  readonly clock: Clock
}

/** The data plane of this worker, wired and not yet listening. */
function wire(order: Order, config: Config, { store, secrets, clock }: Opened): Running {
  const newId = uuid7(clock, randomBytes)
  const log = logOf(config)
  const live: LiveConfig = { current: config }
  let state = order.state
  const commits = committedElsewhere()
  const { writer, head, version, startedAt } = order
  const ledger = createLedgerWriter({ store: commits, writer, clock, newId, randomBytes, head })
  const identity = identityOf(secrets, store, clock)
  followKeys(store, identity)
  const gate = gateOf(() => state, live)
  const shadows = handedShadows()
  const lines = leasedLines(live, () => state.catalogue.destinations, clock)
  const trying = resilience(steadyNow, live, order.workers)
  const quotas = workerQuotas(order, live, tell)
  const money = fundsHere(live, order, ledger)
  const ownTerms = ownTermsOf(homePaths(config.home).ownTerms, identity.ownTermsKeys, log)
  const house: HouseWithoutLines = {
    classify: classifyHere(identity, ownTerms.live, order, live, log),
    gate: gateWithShadow(gate, () => state.policies.shadow, shadows),
    readiness: () => ({
      health: bothHealths(trying.traffic.health(), state.health),
      progress: state.progress,
    }),
    ...trying,
    limits: quotas.limits,
    funds: money.funds,
    scanners: answerScanners(ownTerms.live),
    ...keptElsewhere(gate, live, clock, secrets),
    masking: maskingWith(identity, () => live.current),
    record: (event, options) => ledger.append(event, options),
    clock,
    now: steadyNow,
    newId,
  }
  const answers = answersHere(live, store, secrets, house, lines)
  const watching = watchHere(clock, log)
  const data: DataHouse = {
    version,
    startedAt,
    clock,
    newId,
    identity: workerDoors(identity, live, store, clock),
    gate,
    health: () => state.health,
    engine: () => state.engine,
    recording: () => state.recording,
    configuration: () => state.configuration,
    serve: servingWith({ ...house, cache: answers.cache }, lines),
    watch: watching.watch,
    log,
  }
  return {
    app: appOf(data, live),
    identity,
    ledger,
    money,
    hand: watching.hand,
    acknowledge: commits.acknowledge,
    quotas,
    clearAnswers: (scope) => answers.cache.clearHere(scope),
    setState: (next) => {
      state = sameObjects(state, next)
    },
    readOwnTerms: ownTerms.read,
    setConfig(next, nextState) {
      const before = live.current
      live.current = next
      quotas.configured()
      state = { ...nextState, policies: samePolicies(state.policies, nextState.policies) }
      if (needsNewLines(before, next)) lines.renew()
      trying.traffic.limitsChanged()
      log.setLevel(next.log.level)
    },
  }
}

const logOf = (config: Config): AdjustableLog =>
  createLog(config.log.level, Date.now, (line) => void process.stderr.write(`${line}\n`))

/** What the policy lets out to be kept goes to the process that holds the database. */
const keptElsewhere = (
  gate: Gate,
  live: LiveConfig,
  clock: () => number,
  secrets: OpenSecrets,
): Pick<HouseWithoutLines, 'hold' | 'keep'> => {
  const { subjectDigest } = evidenceKeys(secrets.apiKeys)
  const hand = (text: PackedText): void => tell({ kind: 'keep-text', text })
  return {
    hold: holdThrough(gate, clock, heldElsewhere.keep),
    keep: keepThrough(gate, () => live.current, clock, subjectDigest, hand),
  }
}

/** Classifies in this process, large texts on its threads. */
function classifyHere(
  identity: Identity,
  ownTerms: LiveOwnTerms,
  order: Order,
  live: LiveConfig,
  log: Log,
): HouseWithoutLines['classify'] {
  const scans = scanPoolOf(order.workers)
  const memo = new ClassificationMemo({ key: identity.memoKey })
  return failClosed(
    createClassifier(undefined, memo, ownTerms),
    (job) => scans.run(job),
    () => live.current,
    log,
  )
}

/** Decides by what the holding process has told last. */
const gateOf = (state: () => SharedState, live: LiveConfig): Gate =>
  createGate(
    () => state().policies.policy,
    () => state().catalogue,
    keepingBy(() => live.current),
    (facts) => policyFor(state().policies, facts),
  )

/** Answers that are kept: read here, written where the database is. */
const answersHere = (
  live: LiveConfig,
  store: Store,
  secrets: OpenSecrets,
  house: HouseWithoutLines,
  lines: LineGenerations,
): OpenAnswerCache => {
  const put = (row: CacheRow): Promise<void> => {
    tell({ kind: 'keep-answer', row })
    return Promise.resolve()
  }
  return openAnswerCache({
    settings: () => live.current.cache,
    store,
    rows: { ...store.answers, put },
    keys: evidenceKeys(secrets.apiKeys),
    clock: house.clock,
    house,
    lines,
    sweeps: false,
  })
}

/** The cores are shared by all workers. */
const scanPoolOf = (workers: number): ScanPool =>
  new ScanPool({ size: Math.floor((availableParallelism() - 1) / workers) })
/** The data plane, and whatever else is asked handed over to the process that has it. */
const appOf = (data: DataHouse, live: LiveConfig): App =>
  buildDataPlane(data, settingsOf(live), tlsOf(live.current), (fastify) =>
    forwardRest(fastify, homePaths(live.current.home).frontSocket),
  )

interface Money {
  readonly vault: RemoteVault
  readonly funds: OwnFunds
}

/** A bank of this worker's own; the accounts are where the database is. */
function fundsHere(live: LiveConfig, order: Order, ledger: LedgerWriter): Money {
  const vault = remoteVault((call, what) => tell({ kind: 'budget-call', call, what }))
  const funds = ownFunds(live, vault, order.budgets, ledger)
  setInterval(() => void funds.bank.beat(), BEAT_MS).unref()
  return { vault, funds }
}

/** Keys are read from the database and never written: uses are handed over. */
function identityOf(secrets: OpenSecrets, store: Store, clock: () => number): Identity {
  const keys = {
    ...store.keys,
    touch(uses: readonly KeyUse[]) {
      tell({ kind: 'used', uses })
      return Promise.resolve()
    },
  }
  // the page asks the supervisor for everything but answers of models: it notes the use of a session
  const sessions = { ...store.sessions, touch: () => Promise.resolve() }
  const stores = { ...store, keys, sessions }
  return createIdentity({ ...secrets, stores, clock, now: steadyNow, randomBytes })
}

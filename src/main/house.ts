import { createClassifier } from '#classify/classify.ts'
import { explainFinding } from '#classify/explain.ts'
import type { Destination } from '#kernel/destination.ts'
import { UNDETERMINED } from '#kernel/label.ts'
import type { Health } from '#kernel/verdict.ts'
import { createAttempts } from '#identity/attempts.ts'
import { decisionRow, outcomeView } from '#ledger/decision-row.ts'
import { readEvent } from '#ledger/read-event.ts'
import type { Committed } from '#ledger/writer.ts'
import type { EngineView, GatewayHouse, LiveEvent } from '#gateway/ports.ts'
import { serve } from '#pipeline/serve.ts'
import type { House } from '#pipeline/ports.ts'
import { createGate } from '#policy/gate.ts'
import { openLines } from '#providers/lines.ts'
import { DEFAULT_TIMEOUTS, type Timeouts } from '#providers/net.ts'
import type { Config } from '#config/types.ts'
import type { Core } from './core.ts'
import { networkIdentity } from './gateway-identity.ts'
import type { Log } from './log.ts'
import { keepCatalogue } from './catalogue-keeper.ts'
import { bothHealths, resilience } from './resilience.ts'

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
}

export interface HouseParts {
  readonly config: Config
  readonly core: Core
  readonly engine: BoardEngine
  readonly discovered: readonly Destination[]
  readonly page: GatewayHouse['page']
  readonly log: Log
  readonly version: string
}

/** Wires the rooms together. */
export async function openHouse(
  parts: HouseParts,
): Promise<{ house: GatewayHouse; close: () => Promise<void> }> {
  const { config, core, engine, log } = parts
  const { store, ledger, clock, newId } = core
  const keeper = await keepCatalogue(parts)
  const { policy, credentialOf } = keeper
  const gate = createGate(() => policy, keeper.catalogue)
  const lines = openLines(
    () => keeper.catalogue().destinations,
    credentialOf,
    clock,
    timeoutsOf(config),
  )
  const classify = failClosed(createClassifier(), config.floor, log)
  const trying = resilience(clock)
  const health = (): Health => {
    const board = engine.destination()
    return bothHealths(trying.traffic.health(), board ? { [board.id]: engine.health() } : {})
  }
  const pipeline: House = {
    classify,
    gate,
    readiness: () => ({ health: health(), progress: engine.progress() }),
    ...trying,
    ask: lines.ask,
    record: (event, options) => ledger.append(event, options),
    clock,
    newId,
  }
  const house: GatewayHouse = {
    version: parts.version,
    startedAt: clock(),
    clock,
    newId,
    identity: networkIdentity(core.identity, ledger, createAttempts({ clock })),
    gate,
    health,
    engine: engine.view,
    classify,
    explainFinding,
    serve: (exchange, request, reply, signal) => serve(pipeline, exchange, request, reply, signal),
    decisions: (query) => store.decisions.decisions(query),
    decision: (id) => oneDecision(store.ledger, id),
    live: (listener) =>
      core.onCommitted((committed) => committed.flatMap(liveEvents).forEach(listener)),
    setDestination: keeper.setDestination,
    page: parts.page,
    log,
  }
  return { house, close: () => lines.close() }
}

/** Timeouts of the file by destination id; others use the defaults. */
export const timeoutsOf =
  (config: Config) =>
  (destination: string): Timeouts => {
    const own = config.timeouts.get(destination)
    return own
      ? { connectMs: own.connectMs, headersMs: own.firstByteMs, idleMs: own.idleMs }
      : DEFAULT_TIMEOUTS
  }

/** A classifier that throws has classified nothing: the request is treated as the highest class. */
export function failClosed(
  classifier: ReturnType<typeof createClassifier>,
  floor: Config['floor'],
  log: Log,
): GatewayHouse['classify'] {
  return (parts) => {
    try {
      return classifier(parts, { floor })
    } catch {
      log('error', { code: 'internal-error', what: 'classifier' })
      return { label: UNDETERMINED, findings: [] }
    }
  }
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
): ReturnType<GatewayHouse['decision']> {
  const records = await ledger.byId(id)
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

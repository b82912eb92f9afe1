import { createClassifier } from '#classify/classify.ts'
import { explainFinding } from '#classify/explain.ts'
import type { Destination, DestinationState, ServedModel } from '#kernel/destination.ts'
import { UNDETERMINED } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Health } from '#kernel/verdict.ts'
import { createAttempts } from '#identity/attempts.ts'
import { decisionRow, outcomeView } from '#ledger/decision-row.ts'
import { readEvent } from '#ledger/read-event.ts'
import type { Committed } from '#ledger/writer.ts'
import type { EngineView, GatewayHouse, LiveEvent } from '#gateway/ports.ts'
import { serve } from '#pipeline/serve.ts'
import type { House } from '#pipeline/ports.ts'
import type { Catalogue } from '#policy/document.ts'
import { createGate } from '#policy/gate.ts'
import { openLines } from '#providers/lines.ts'
import { listModels } from '#providers/list-models.ts'
import type { Config } from '#config/types.ts'
import { TENANT, type Core } from './core.ts'
import { networkIdentity } from './gateway-identity.ts'
import type { Log } from './log.ts'
import { catalogueFrom, decidedStates, keepDocuments, policyFrom } from './registry.ts'

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
): Promise<{ house: GatewayHouse; close(): Promise<void> }> {
  const { config, core, engine, discovered, log } = parts
  const { store, ledger, clock, newId } = core
  const states = await decidedStates(store.destinations, TENANT)
  const vendorModels = new Map<string, readonly ServedModel[]>()
  const policy = policyFrom(config)
  const assemble = (): Catalogue =>
    catalogueFrom({
      embedded: engine.destination,
      configured: config.destinations,
      discovered,
      vendorModels,
      states,
    })
  let catalogue = assemble()
  await keepDocuments(store.documents, clock(), policy, catalogue)
  const refresh = async (): Promise<void> => {
    const next = assemble()
    if (next.version === catalogue.version) return
    await keepDocuments(store.documents, clock(), policy, next)
    catalogue = next
  }
  const refreshOrSay = (): void => {
    refresh().catch(() => log('error', { code: 'ledger-unavailable', what: 'catalogue' }))
  }
  engine.onModels(refreshOrSay)

  const credentialOf = (id: string): string | null => config.credentials.get(id)?.reveal() ?? null
  const askModels = async (destination: Destination): Promise<Result<void, Refusal>> => {
    if (destination.models.length > 0) return ok(undefined)
    const found = await listModels(destination, credentialOf(destination.id))
    if (!found.ok) return found
    vendorModels.set(destination.id, found.value)
    return ok(undefined)
  }
  for (const destination of catalogue.destinations.filter(({ state }) => state === 'enabled')) {
    askModels(destination).then(refreshOrSay, () => {})
  }

  const gate = createGate(
    () => policy,
    () => catalogue,
  )
  const lines = openLines(() => catalogue.destinations, credentialOf, clock)
  const classify = failClosed(createClassifier(), config.floor, log)
  const health = (): Health => {
    const board = engine.destination()
    return board ? { [board.id]: engine.health() } : {}
  }
  const pipeline: House = {
    classify,
    gate,
    readiness: () => ({ health: health(), progress: engine.progress() }),
    ask: lines.ask,
    record: (event, options) => ledger.append(event, options),
    clock,
    newId,
  }
  const setDestination = async (
    id: string,
    state: DestinationState,
    actor: string,
  ): Promise<Result<void, Refusal>> => {
    const known = catalogue.destinations.find((destination) => destination.id === id)
    if (!known) return err({ code: 'not-found', param: 'id' })
    const event = {
      type: 'admin',
      v: 1,
      actor,
      action: `destination-${state}`,
      subject: id,
    } as const
    const recorded = ledger.append(event, { tenant: TENANT })
    if (!recorded.ok) return recorded
    const durable = await recorded.value.durable
    if (!durable.ok) return durable
    await store.destinations.set({ tenant: TENANT, id, state, at: clock(), by: actor })
    states.set(id, state)
    const asked = state === 'enabled' ? await askModels(known) : ok(undefined)
    await refresh()
    return asked
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
      ledger.onCommitted((committed) => committed.flatMap(liveEvents).forEach(listener)),
    setDestination,
    page: parts.page,
    log,
  }
  return { house, close: () => lines.close() }
}

/** A classifier that throws has classified nothing: the request is treated as the highest class. */
function failClosed(
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

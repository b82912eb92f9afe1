import {
  isOwnZone,
  type Destination,
  type DestinationState,
  type ServedModel,
} from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Catalogue, Policy } from '#policy/document.ts'
import { listModels } from '#providers/list-models.ts'
import type { Store } from '#store/ports.ts'
import type { Config } from '#config/types.ts'
import type { AdmissionKeeper } from './admissions.ts'
import { TENANT } from './core.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import { keepPolicies, type PolicyKeeper } from './policy-keeper.ts'
import { catalogueFrom, decidedStates } from './registry.ts'
import { engineWatchOf } from './engine-watching.ts'
import type { EngineWatch } from './engine-watch.ts'
import { tellRulings, type Rules } from './tell-rulings.ts'

/** The catalogue in force and the ways it changes; a version is stored before a decision can quote it. */
export interface CatalogueKeeper {
  readonly policy: () => Policy
  readonly policies: PolicyKeeper
  /** Which engines run, and what is known against them. */
  readonly engines: EngineWatch
  readonly catalogue: () => Catalogue
  /** Records an administrator's decision as evidence, then applies it. */
  readonly setDestination: (
    id: string,
    state: DestinationState,
    actor: string,
  ) => Promise<Result<void, Refusal>>
  /** Records a new configuration as evidence, then puts it in force, all of it at one moment. */
  readonly apply: (next: Config, actor: string) => Promise<Result<void, Refusal>>
  readonly close: () => Promise<void>
}

/** Assembles the catalogue and follows models and decisions as they change. */
export async function keepCatalogue(
  parts: HouseParts,
  live: LiveConfig,
  admissions: AdmissionKeeper,
): Promise<CatalogueKeeper> {
  const { core, engine, discovered, log } = parts
  const { store, clock } = core
  const states = await decidedStates(store.destinations, TENANT)
  const vendorModels = new Map<string, readonly ServedModel[]>()
  const policies = await keepPolicies({ core, live, log })
  const { dress } = admissions
  const known = { embedded: engine.destination, discovered, vendorModels, states, dress }
  const assemble = (config: Config): Catalogue =>
    catalogueFrom({ ...known, configured: config.destinations, rated: engines.rated })
  const engines = engineWatchOf(parts, live, policies, () => refresh())
  let catalogue = assemble(live.current)
  const rulings = tellRulings(store.documents, clock, parts.inForce)
  const rules = (next: Catalogue, of = policies.current()): Rules => rulesOf(live, of, next)
  await rulings.begin(rules(catalogue))

  const refresh = async (actor = 'system'): Promise<void> => {
    const next = assemble(live.current)
    if (next.version === catalogue.version) return
    const kept = await rulings.keep(rules(next))
    kept.tell(actor)
    catalogue = next
  }
  const refreshOrSay = (): void => {
    refresh().catch(() => log('error', { code: 'ledger-unavailable', what: 'catalogue' }))
  }
  const askModels = (destination: Destination): Promise<Result<void, Refusal>> =>
    fillModels(vendorModels, destination, live.current)
  policies.onChange(async (next, actor) => {
    const kept = await rulings.keep(rules(catalogue, next))
    kept.tell(actor)
    void engines.tick()
  })
  engine.onModels(refreshOrSay)
  admissions.onChange(refresh)
  followStates(store, states, refreshOrSay)
  const askAllModels = (): void => askEach(catalogue, askModels, log, refreshOrSay)
  askAllModels()
  const evidence = (actor: string, action: string, subject: string) =>
    core.houseEvent({ type: 'admin', v: 1, actor, action, subject })
  return {
    policy: () => policies.current().policy,
    policies,
    engines,
    catalogue: () => catalogue,
    async setDestination(id, state, actor) {
      const known = catalogue.destinations.find((destination) => destination.id === id)
      if (!known) return err({ code: 'not-found', param: 'id' })
      const durable = await evidence(actor, `destination-${state}`, id)
      if (!durable.ok) return durable
      await store.destinations.set({ tenant: TENANT, id, state, at: clock(), by: actor })
      states.set(id, state)
      const asked = state === 'enabled' ? await askModels(known) : ok(undefined)
      await refresh(actor)
      return asked
    },
    async apply(next, actor) {
      const [nextPolicies, nextCatalogue] = [policies.under(next), assemble(next)]
      const ruled = { ...rules(nextCatalogue, nextPolicies), config: next }
      const kept = await rulings.keep(ruled, live.current)
      const subject = `policy:${nextPolicies.policy.version} catalogue:${nextCatalogue.version}`
      const durable = await evidence(actor, 'config-reloaded', subject)
      if (!durable.ok) return durable
      const told = kept.tell(actor)
      if (!told.ok) return told
      live.current = next
      policies.use(nextPolicies)
      catalogue = nextCatalogue
      // a model or a state may have changed while the evidence was written
      await refresh()
      void engines.tick()
      askAllModels()
      return ok(undefined)
    },
    close: closing(engines, policies),
  }
}

const rulesOf = (
  { current: config }: LiveConfig,
  policies: Rules['policies'],
  catalogue: Catalogue,
): Rules => ({ config, policies, catalogue })

const closing =
  (...parts: readonly { readonly close: () => Promise<void> }[]) =>
  async (): Promise<void> => {
    for (const part of parts) await part.close()
  }

/** Asks every enabled destination which models it serves; `asked` is called after each. */
function askEach(
  { destinations }: Catalogue,
  ask: (destination: Destination) => Promise<Result<void, Refusal>>,
  log: HouseParts['log'],
  asked: () => void,
): void {
  for (const destination of destinations.filter(({ state }) => state === 'enabled')) {
    void ask(destination).then((answer) => {
      const what = { what: 'models', destination: destination.id }
      if (!answer.ok) log('warn', { code: answer.error.code, ...what })
      asked()
    })
  }
}

/** Keeps up with what is decided by way of another gateway on the same database. */
function followStates(
  { changes, destinations }: Pick<Store, 'changes' | 'destinations'>,
  states: Map<string, DestinationState>,
  changed: () => void,
): void {
  changes.listen((topic) => {
    if (topic !== null && topic !== 'destinations') return
    decidedStates(destinations, TENANT).then((decided) => {
      for (const id of states.keys()) if (!decided.has(id)) states.delete(id)
      for (const [id, state] of decided) states.set(id, state)
      changed()
    }, changed)
  })
}

/** Asks a destination whose row names no model which ones it serves. */
async function fillModels(
  models: Map<string, readonly ServedModel[]>,
  destination: Destination,
  { credentials }: Pick<Config, 'credentials'>,
): Promise<Result<void, Refusal>> {
  // a list of names does not say where each model runs: only a zone that is not ours may be filled from it
  if (destination.models.length > 0 || isOwnZone(destination.zone)) return ok(undefined)
  const found = await listModels(destination, credentials.get(destination.id)?.reveal() ?? null)
  if (found.ok) models.set(destination.id, found.value)
  return found.ok ? ok(undefined) : found
}

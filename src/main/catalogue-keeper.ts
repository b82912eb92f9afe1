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
import { TENANT } from './core.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import { catalogueFrom, decidedStates, policyFrom } from './registry.ts'
import { tellRulings } from './tell-rulings.ts'

/** The catalogue in force and the ways it changes; a version is stored before a decision can quote it. */
export interface CatalogueKeeper {
  readonly policy: () => Policy
  readonly catalogue: () => Catalogue
  /** Records an administrator's decision as evidence, then applies it. */
  readonly setDestination: (
    id: string,
    state: DestinationState,
    actor: string,
  ) => Promise<Result<void, Refusal>>
  /** Records a new configuration as evidence, then puts it in force, all of it at one moment. */
  readonly apply: (next: Config, actor: string) => Promise<Result<void, Refusal>>
}

/** Assembles the catalogue and follows models and decisions as they change. */
export async function keepCatalogue(parts: HouseParts, live: LiveConfig): Promise<CatalogueKeeper> {
  const { core, engine, discovered, log } = parts
  const { store, clock } = core
  const states = await decidedStates(store.destinations, TENANT)
  const vendorModels = new Map<string, readonly ServedModel[]>()
  let policy = policyFrom(live.current)
  const assemble = (config: Config): Catalogue =>
    catalogueFrom({
      embedded: engine.destination,
      configured: config.destinations,
      discovered,
      vendorModels,
      states,
    })
  let catalogue = assemble(live.current)
  const rulings = tellRulings(store.documents, clock, parts.inForce)
  await rulings.begin({ config: live.current, policy, catalogue })

  const refresh = async (actor = 'system'): Promise<void> => {
    const next = assemble(live.current)
    if (next.version === catalogue.version) return
    const kept = await rulings.keep({ config: live.current, policy, catalogue: next })
    kept.tell(actor)
    catalogue = next
  }
  const refreshOrSay = (): void => {
    refresh().catch(() => log('error', { code: 'ledger-unavailable', what: 'catalogue' }))
  }
  const credentialOf = (id: string): string | null =>
    live.current.credentials.get(id)?.reveal() ?? null
  const askModels = (destination: Destination): Promise<Result<void, Refusal>> =>
    fillModels(vendorModels, destination, credentialOf(destination.id))
  engine.onModels(refreshOrSay)
  followStates(store, states, refreshOrSay)
  const askAllModels = (): void => {
    for (const destination of catalogue.destinations.filter(({ state }) => state === 'enabled')) {
      void askModels(destination).then((asked) => {
        const what = { what: 'models', destination: destination.id }
        if (!asked.ok) log('warn', { code: asked.error.code, ...what })
        refreshOrSay()
      })
    }
  }
  askAllModels()
  const evidence = (actor: string, action: string, subject: string) =>
    core.houseEvent({ type: 'admin', v: 1, actor, action, subject })
  return {
    policy: () => policy,
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
      const [nextPolicy, nextCatalogue] = [policyFrom(next), assemble(next)]
      const rules = { config: next, policy: nextPolicy, catalogue: nextCatalogue }
      const kept = await rulings.keep(rules, live.current)
      const subject = `policy:${nextPolicy.version} catalogue:${nextCatalogue.version}`
      const durable = await evidence(actor, 'config-reloaded', subject)
      if (!durable.ok) return durable
      const told = kept.tell(actor)
      if (!told.ok) return told
      live.current = next
      policy = nextPolicy
      catalogue = nextCatalogue
      // a model or a state may have changed while the evidence was written
      await refresh()
      askAllModels()
      return ok(undefined)
    },
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
  credential: string | null,
): Promise<Result<void, Refusal>> {
  // a list of names does not say where each model runs: only a zone that is not ours may be filled from it
  if (destination.models.length > 0 || isOwnZone(destination.zone)) return ok(undefined)
  const found = await listModels(destination, credential)
  if (found.ok) models.set(destination.id, found.value)
  return found.ok ? ok(undefined) : found
}

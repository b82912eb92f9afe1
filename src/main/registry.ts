import type { Destination, DestinationState, ServedModel } from '#kernel/destination.ts'
import { isOwnZone } from '#kernel/destination.ts'
import { catalogueOf, policyOf, type Catalogue, type Policy } from '#policy/document.ts'
import type { DestinationStateStore } from '#store/ports.ts'
import type { Config } from '#config/types.ts'

/** Everything the catalogue is made of. */
export interface Sources {
  /** Null when the engine on board is switched off. */
  readonly embedded: () => Destination | null
  readonly configured: readonly Destination[]
  readonly discovered: readonly Destination[]
  /** Model lists asked of enabled vendors, by destination id. */
  readonly vendorModels: ReadonlyMap<string, readonly ServedModel[]>
  readonly states: ReadonlyMap<string, DestinationState>
  /** Says of every model where its weights stand. */
  readonly dress: (destination: Destination) => Destination
  /** Says of a model what is known against its engine; absent where nobody looks. */
  readonly rated?: ((destination: Destination, model: ServedModel) => ServedModel) | undefined
}

/** The destinations in the order of preference: configured ones, discovered ones, the engine on board last. */
export function catalogueFrom(sources: Sources): Catalogue {
  const embedded = sources.embedded()
  const all = [...sources.configured, ...sources.discovered, ...(embedded ? [embedded] : [])]
  return catalogueOf(all.map((destination) => sources.dress(decided(destination, sources))))
}

/** A destination as an administrator left it. A discovered server of our own that is trusted may see everything. */
function decided(destination: Destination, sources: Sources): Destination {
  const state = sources.states.get(destination.id) ?? destination.state
  const isTrusted =
    destination.origin === 'discovered' && state === 'enabled' && isOwnZone(destination.zone)
  const listed = sources.vendorModels.get(destination.id)
  const models = listed && destination.models.length === 0 ? listed : destination.models
  const { rated } = sources
  return {
    ...destination,
    state,
    clearance: isTrusted ? 'restricted' : destination.clearance,
    models: rated ? models.map((model) => rated(destination, model)) : models,
  }
}

export const policyFrom = (config: Config): Policy =>
  policyOf({ floor: config.floor, ...config.policy })

/** What administrators decided so far, by destination id. */
export async function decidedStates(
  store: DestinationStateStore,
  tenant: string,
): Promise<Map<string, DestinationState>> {
  const decisions = await store.list(tenant)
  return new Map(decisions.map(({ id, state }) => [id, state]))
}

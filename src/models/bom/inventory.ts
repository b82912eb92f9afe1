import type { Family } from '../catalogue/family.ts'
import { findFamily } from '../catalogue/find-family.ts'
import type { Manifest } from '../store/manifest.ts'
import type { StackComponent } from '../stack/stack.ts'
import type { EngineView } from '../vulnerabilities/view.ts'
import type { OwnPackages } from './own-packages.ts'

/** One model that is served, with the file on this machine where there is one. */
export interface InventoryModel {
  readonly component: StackComponent
  readonly manifest: Manifest | null
  readonly family: Family | null
}

/** Everything that a bill of materials is made from, as it was at one moment. */
export interface Inventory {
  /** ISO 8601. */
  readonly at: string
  /** UUID of this bill. */
  readonly id: string
  readonly models: readonly InventoryModel[]
  /** Everything else of the stack. */
  readonly others: readonly StackComponent[]
  readonly engines: readonly EngineView[]
  readonly own: OwnPackages
}

export interface InventoryParts extends Pick<Inventory, 'at' | 'id' | 'engines' | 'own'> {
  readonly stack: readonly StackComponent[]
  readonly manifests: readonly Manifest[]
}

/** Joins what runs with the files of the store and the rows of the catalogue. */
export function inventoryOf({ stack, manifests, ...rest }: InventoryParts): Inventory {
  const models = stack
    .filter(({ kind }) => kind === 'model' || kind === 'adapter')
    .map((component): InventoryModel => {
      // what an adapter was tuned on is unknown, and its file is on the machine of its engine
      if (component.kind === 'adapter') return { component, manifest: null, family: null }
      const manifest =
        component.destination === 'embedded'
          ? (manifests.find(
              ({ name, aliases }) => name === component.name || aliases.includes(component.name),
            ) ?? null)
          : null
      const family = component.family === null ? null : findFamily(component.family)
      return { component, manifest, family }
    })
  return { ...rest, models, others: stack.filter(isOther) }
}

/** Neither a model, nor a guard that is one of the models. */
const isOther = ({ kind, destination }: StackComponent): boolean =>
  kind !== 'model' && kind !== 'adapter' && !(kind === 'guard' && destination !== null)

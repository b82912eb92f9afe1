import type { Family } from '../catalogue/family.ts'
import { findFamily } from '../catalogue/find-family.ts'
import type { Manifest } from '../store/manifest.ts'
import type { DataSet } from '../data-sets/data-set.ts'
import { dataSetsOf, type UsedDataSet } from '../data-sets/data-sets-of.ts'
import type { StackComponent } from '../stack/stack.ts'
import type { EngineView } from '../vulnerabilities/view.ts'
import type { OwnPackages } from './own-packages.ts'

/** One model that is served, with the file on this machine where there is one. */
export interface InventoryModel {
  readonly component: StackComponent
  readonly manifest: Manifest | null
  readonly family: Family | null
  /** Registered data sets that it was made or measured with. */
  readonly dataSets: readonly UsedDataSet[]
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
  /** Every registered one. */
  readonly dataSets: readonly DataSet[]
  readonly own: OwnPackages
}

export interface InventoryParts extends Pick<
  Inventory,
  'at' | 'id' | 'engines' | 'dataSets' | 'own'
> {
  readonly stack: readonly StackComponent[]
  readonly manifests: readonly Manifest[]
}

/** Joins what runs with the files of the store and the rows of the catalogue. */
export function inventoryOf({ stack, manifests, ...rest }: InventoryParts): Inventory {
  const models = stack
    .filter(({ kind }) => kind === 'model' || kind === 'adapter')
    .map((component): InventoryModel => {
      // what an adapter was tuned on is known by what was registered alone, and its file is on the machine of its engine
      if (component.kind === 'adapter') {
        const known = usedBy(component, null, rest.dataSets)
        return { component, manifest: null, family: null, dataSets: known }
      }
      const manifest =
        component.destination === 'embedded'
          ? (manifests.find(
              ({ name, aliases }) => name === component.name || aliases.includes(component.name),
            ) ?? null)
          : null
      const family = component.family === null ? null : findFamily(component.family)
      const dataSets = usedBy(component, manifest, rest.dataSets)
      return { component, manifest, family, dataSets }
    })
  return { ...rest, models, others: stack.filter(isOther) }
}

const usedBy = (
  { id, name, weights }: StackComponent,
  manifest: Manifest | null,
  all: readonly DataSet[],
): readonly UsedDataSet[] =>
  dataSetsOf(all, {
    names: [id, name, ...(manifest === null ? [] : [manifest.name, ...manifest.aliases])],
    digests: [weights?.digest ?? null, manifest?.digest ?? null],
  })

/** Neither a model, nor a guard that is one of the models. */
const isOther = ({ kind, destination }: StackComponent): boolean =>
  kind !== 'model' && kind !== 'adapter' && !(kind === 'guard' && destination !== null)

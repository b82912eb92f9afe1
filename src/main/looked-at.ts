import type { GatewayHouse } from '#gateway/ports.ts'
import { stackOf } from '#models/stack/stack.ts'
import { keepBills, type BillKeeper } from './bill-keeper.ts'
import type { AdmissionKeeper } from './admissions.ts'
import type { CatalogueKeeper } from './catalogue-keeper.ts'
import { homePaths } from './home-paths.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import { ownParts } from './own-parts.ts'

export interface LookedAt extends Pick<
  GatewayHouse,
  'ownTerms' | 'engines' | 'ownParts' | 'bills'
> {
  readonly keeper: BillKeeper
}

/** What administrators see of everything that runs. Only who serves keeps bills by itself. */
export function lookAt(
  { core, log, version, inForce }: HouseParts,
  live: LiveConfig,
  { ownTerms }: Pick<GatewayHouse, 'ownTerms'>,
  { engines, catalogue, policies }: CatalogueKeeper,
  admissions: AdmissionKeeper,
): LookedAt {
  const own: GatewayHouse['ownParts'] = async () => {
    const database = await core.store.version().catch(() => null)
    return ownParts({ config: live.current, version, database, policies: policies.current() })
  }
  const keeper = keepBills({
    core,
    log,
    models: () => homePaths(live.current.home).models,
    version: () => catalogue().version,
    async look() {
      const found = await engines.look()
      const { destinations } = catalogue()
      const stack = stackOf({ destinations, engines: found.engines, own: await own() })
      return { engines: found.engines, stack }
    },
  })
  admissions.onChange(async () => keeper.changed())
  if (inForce) keeper.follow()
  return { ownTerms, engines: engines.look, ownParts: own, bills: keeper.admin, keeper }
}

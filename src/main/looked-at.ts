import type { GatewayHouse } from '#gateway/ports.ts'
import { followImported } from '#models/openness-index/import-index.ts'
import { stackOf } from '#models/stack/stack.ts'
import { classesNotFor, weightsAsked } from '#policy/weights-asked.ts'
import { keepBills, type BillKeeper } from './bill-keeper.ts'
import type { AdmissionKeeper } from './admissions.ts'
import type { CatalogueKeeper } from './catalogue-keeper.ts'
import { keepDataSets } from './data-sets.ts'
import { homePaths } from './home-paths.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import { ownParts } from './own-parts.ts'

export interface LookedAt extends Pick<
  GatewayHouse,
  'ownTerms' | 'engines' | 'stack' | 'indexes' | 'bills' | 'dataSets'
> {
  readonly keeper: BillKeeper
}

/** What administrators see of everything that runs. Only who serves keeps bills by itself. */
export function lookAt(
  { core, log, version, inForce }: HouseParts,
  live: LiveConfig,
  { ownTerms }: Pick<GatewayHouse, 'ownTerms'>,
  { engines, catalogue, policy, policies }: CatalogueKeeper,
  admissions: AdmissionKeeper,
): LookedAt {
  const indexes = followImported(homePaths(live.current.home).opennessIndex)
  const dataSets = keepDataSets({ core, changed: () => keeper.changed() })
  const stack = async () => {
    const found = await engines.look()
    const registered = await dataSets.all()
    const asked = weightsAsked(policy().rules)
    const database = await core.store.version().catch(() => null)
    const components = stackOf({
      destinations: catalogue().destinations,
      engines: found.engines,
      own: ownParts({ config: live.current, version, database, policies: policies.current() }),
      indexes: await indexes(),
      dataSets: registered,
      weights: {
        admission: admissions.facts,
        notFor: (standing) => classesNotFor(asked, standing),
      },
    })
    return { engines: found.engines, components, dataSets: registered }
  }
  const keeper = keepBills({
    core,
    log,
    models: () => homePaths(live.current.home).models,
    version: () => `${catalogue().version} ${policy().version}`,
    look: stack,
  })
  admissions.onChange(async () => keeper.changed())
  if (inForce) keeper.follow()
  const bills = keeper.admin
  return { ownTerms, engines: engines.look, stack, indexes, bills, dataSets, keeper }
}

import { keepAdmissions, type AdmissionKeeper } from './admissions.ts'
import { keepCatalogue, type CatalogueKeeper } from './catalogue-keeper.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'

/** The catalogue with what was decided about weights; only who serves follows what comes into the store. */
export async function openCatalogue(
  parts: HouseParts,
  live: LiveConfig,
): Promise<{ readonly admissions: AdmissionKeeper; readonly keeper: CatalogueKeeper }> {
  const isServing = parts.inForce !== undefined
  const admissions = await keepAdmissions({ ...parts, live, isServing })
  const keeper = await keepCatalogue(parts, live, admissions)
  if (isServing) admissions.follow(() => keeper.catalogue().destinations, keeper.policies.current)
  return { admissions, keeper }
}

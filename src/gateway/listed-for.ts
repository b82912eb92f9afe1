import type { Caller } from '#kernel/exchange.ts'
import { catalogueFor } from '#policy/key-limits.ts'
import type { DataHouse } from './ports.ts'

/** What a list of models is told from. */
export interface Listing {
  readonly gate: Pick<DataHouse['gate'], 'catalogue'>
}

/** The house as its lists of models show it to one caller: a key that is limited sees what it may use. */
export function listedFor<House extends Listing>(
  house: House,
  { restrictions }: Pick<Caller, 'restrictions'>,
): House {
  if (restrictions.models === null && restrictions.zones === null) return house
  const { gate } = house
  return {
    ...house,
    gate: { ...gate, catalogue: () => catalogueFor(restrictions, gate.catalogue()) },
  }
}

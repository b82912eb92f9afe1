import type { DataHouse } from './ports.ts'

interface ModelRow {
  readonly id: string
  readonly object: 'model'
  /** Seconds since the epoch. */
  readonly created: number
  readonly owned_by: string
}

/** `GET /v1/models`: `auto`, then every model of the destinations that are not disabled, once by name. */
export function modelList(house: DataHouse): { object: 'list'; data: readonly ModelRow[] } {
  const created = Math.floor(house.startedAt / 1000)
  const usable = house.gate
    .catalogue()
    .destinations.filter(({ state }) => state === 'enabled' || state === 'discovered')
  const rows = new Map<string, ModelRow>()
  const add = (id: string, owner: string): void => {
    if (!rows.has(id)) rows.set(id, { id, object: 'model', created, owned_by: owner })
  }
  if (usable.length > 0) add('auto', 'ecluse')
  for (const { id, models } of usable) for (const model of models) add(model.name, id)
  return { object: 'list', data: [...rows.values()] }
}

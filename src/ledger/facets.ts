import type { DecisionEvent, LedgerEvent } from './event.ts'
import type { LedgerQuery } from './ports.ts'

/** What a list can be filtered by, as one text: `class=restricted`. Records that share it are found without reading others. */
export type Facet = string

/** The facets of a stored record; one whose event is erased has those of its header. */
export function facetsOf(
  { tenant, type }: { readonly tenant: string; readonly type: LedgerEvent['type'] },
  event: LedgerEvent | null,
): Facet[] {
  const facets = [`tenant=${tenant}`, `type=${type}`]
  if (event?.type === 'decision') facets.push(...decisionFacets(event))
  return facets
}

function decisionFacets(event: DecisionEvent): Facet[] {
  const { categories, destination, team, application } = event
  return [
    `class=${event.class}`,
    `key=${event.key}`,
    `model=${event.model}`,
    `refused=${event.refusal !== null}`,
    ...categories.map((category) => `category=${category}`),
    ...(destination === null ? [] : [`destination=${destination}`]),
    ...(team === undefined ? [] : [`team=${team}`]),
    ...(application === undefined ? [] : [`application=${application}`]),
  ]
}

const FILTERS = [
  'tenant',
  'type',
  'class',
  'key',
  'model',
  'refused',
  'category',
  'destination',
  'team',
  'application',
] as const satisfies readonly (keyof LedgerQuery)[]

/** The facets that a record must have to be in the answer. */
export const wantedFacets = (query: LedgerQuery): Facet[] =>
  FILTERS.flatMap((name) => (query[name] === undefined ? [] : [`${name}=${query[name]}`]))

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

/** Tells of the text of a stored event whether it can have these facets at all: most that cannot are never parsed. */
export function mayHave(wanted: readonly Facet[]): (payload: string | null) => boolean {
  const tests = wanted.flatMap((facet): ((payload: string) => boolean)[] => {
    const [name = '', value = ''] = facet.split(/=(.*)/s)
    const quoted = JSON.stringify(value)
    if (name === 'refused') {
      return [(payload) => payload.includes('"refusal":null') === (value === 'false')]
    }
    if (name === 'category') {
      // a name of a field has a colon behind it
      return [(payload) => payload.includes(`${quoted},`) || payload.includes(`${quoted}]`)]
    }
    const needle = `"${name}":${quoted}`
    return IN_TEXT.has(name) ? [(payload) => payload.includes(needle)] : []
  })
  return (payload) => (payload === null ? tests.length === 0 : tests.every((test) => test(payload)))
}

/** Filters whose value stands in the canonical JSON of the event under their own name. */
const IN_TEXT: ReadonlySet<string> = new Set([
  'class',
  'key',
  'model',
  'destination',
  'team',
  'application',
])

/** The facets that a record must have to be in the answer. */
export const wantedFacets = (query: LedgerQuery): Facet[] =>
  FILTERS.flatMap((name) => (query[name] === undefined ? [] : [`${name}=${query[name]}`]))

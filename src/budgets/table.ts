import type { Budget } from './budget.ts'

/** Who pays for a request, as the key says. */
export interface Payer {
  readonly tenant: string
  readonly keyId: string
  readonly team?: string | null
  readonly application?: string | null
  readonly person?: string | null
}

/** The budgets in force, found by name: nothing here grows with their number. */
export interface BudgetTable {
  readonly all: readonly Budget[]
  find(tenant: string, id: string): Budget | null
  /** Those that bound this payer, whatever is asked. */
  ofPayer(payer: Payer): readonly Budget[]
  /** Those that bound a destination or a model of a tenant. */
  ofChoice(tenant: string, destination: string, model: string): readonly Budget[]
}

const NONE: readonly Budget[] = []

/** Budgets of one tenant by what they bound; no text is put together to find one. */
type Bounds = Readonly<Record<Budget['scope'], Map<string, readonly Budget[]>>>

export function budgetTable(all: readonly Budget[]): BudgetTable {
  const tenants = new Map<string, Bounds>()
  const byId = new Map<string, Map<string, Budget>>()
  for (const budget of all) {
    const { tenant, scope, match } = budget
    const bounds = tenants.get(tenant) ?? noBounds()
    tenants.set(tenant, bounds)
    bounds[scope].set(match, [...(bounds[scope].get(match) ?? NONE), budget])
    const ids = byId.get(tenant) ?? new Map<string, Budget>()
    byId.set(tenant, ids.set(budget.id, budget))
  }
  return {
    all,
    find: (tenant, id) => byId.get(tenant)?.get(id) ?? null,
    ofPayer({ tenant, keyId, team, application, person }) {
      const bounds = tenants.get(tenant)
      if (!bounds) return NONE
      let found = bounds.organisation.get('') ?? NONE
      if (team) found = joined(found, bounds.team.get(team))
      if (application) found = joined(found, bounds.application.get(application))
      if (person) found = joined(found, bounds.person.get(person))
      return joined(found, bounds.key.get(keyId))
    },
    ofChoice(tenant, destination, model) {
      const bounds = tenants.get(tenant)
      if (!bounds) return NONE
      return joined(bounds.destination.get(destination) ?? NONE, bounds.model.get(model))
    },
  }
}

const noBounds = (): Bounds => ({
  organisation: new Map(),
  team: new Map(),
  person: new Map(),
  application: new Map(),
  key: new Map(),
  destination: new Map(),
  model: new Map(),
})

/** Without a new list where one of them has nothing. */
const joined = (
  found: readonly Budget[],
  more: readonly Budget[] | undefined,
): readonly Budget[] => {
  if (!more) return found
  return found.length === 0 ? more : [...found, ...more]
}

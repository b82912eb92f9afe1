import type { Listing, Organisation, OrganisationStore, Team, TeamStore } from '#identity/ports.ts'
import type { Queries } from './queries.ts'
import type { OrganisationTable, TeamTable } from './identity-tables.ts'

const DEFAULT_LIMIT = 100

/** Organisations. */
export function createOrganisationStore(queries: Queries): OrganisationStore {
  return {
    async insert(organisation) {
      const insert = queries.insertInto('organisation').values(made(organisation))
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async byId(id) {
      const rows = queries.selectFrom('organisation').selectAll().where('id', '=', id)
      const row = await rows.executeTakeFirst()
      return row ? organisationOf(row) : null
    },
    async list({ state, after, limit }) {
      let rows = queries.selectFrom('organisation').selectAll().orderBy('id')
      if (after !== undefined) rows = rows.where('id', '>', after)
      if (state === 'enabled') rows = rows.where('disabled_at', 'is', null)
      if (state === 'disabled') rows = rows.where('disabled_at', 'is not', null)
      return (await rows.limit(limit ?? DEFAULT_LIMIT).execute()).map(organisationOf)
    },
    async disable(id, at) {
      const change = queries.updateTable('organisation').where('id', '=', id)
      return (await change.set({ disabled_at: at }).executeTakeFirst()).numUpdatedRows === 1n
    },
  }
}

/** Teams of organisations. */
export function createTeamStore(queries: Queries): TeamStore {
  const of = (tenant: string) => queries.selectFrom('team').selectAll().where('tenant', '=', tenant)
  const one = (tenant: string, id: string) =>
    queries.updateTable('team').where('tenant', '=', tenant).where('id', '=', id)
  return {
    async insert(team) {
      const insert = queries.insertInto('team').values({ ...made(team), tenant: team.tenant })
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async byId(tenant, id) {
      const row = await of(tenant).where('id', '=', id).executeTakeFirst()
      return row ? teamOf(row) : null
    },
    async list({ tenant, state, after, limit }: Listing) {
      let rows = of(tenant).orderBy('id')
      if (after !== undefined) rows = rows.where('id', '>', after)
      if (state === 'enabled') rows = rows.where('disabled_at', 'is', null)
      if (state === 'disabled') rows = rows.where('disabled_at', 'is not', null)
      return (await rows.limit(limit ?? DEFAULT_LIMIT).execute()).map(teamOf)
    },
    rename: async (tenant, id, name) =>
      (await one(tenant, id).set({ name }).executeTakeFirst()).numUpdatedRows === 1n,
    disable: async (tenant, id, at) =>
      (await one(tenant, id).set({ disabled_at: at }).executeTakeFirst()).numUpdatedRows === 1n,
  }
}

/** What every row of identity has, as its table has it. */
export const made = (one: Organisation): OrganisationTable => ({
  id: one.id,
  name: one.name,
  created_at: one.createdAt,
  created_by: one.createdBy,
  disabled_at: one.disabledAt,
})

/** The same, as the ports have it. */
export const organisationOf = (row: OrganisationTable): Organisation => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  createdBy: row.created_by,
  disabledAt: row.disabled_at,
})

const teamOf = (row: TeamTable): Team => ({ ...organisationOf(row), tenant: row.tenant })

import type { Application, ApplicationStore } from '#identity/ports.ts'
import type { Queries } from './queries.ts'
import { grantsOf, grantsText } from './grants.ts'
import type { ApplicationTable } from './identity-tables.ts'
import { made, organisationOf } from './organisations.ts'

const DEFAULT_LIMIT = 100

/** Applications and service accounts of organisations. */
export function createApplicationStore(queries: Queries): ApplicationStore {
  const of = (tenant: string) =>
    queries.selectFrom('application').selectAll().where('tenant', '=', tenant)
  const one = (tenant: string, id: string) =>
    queries.updateTable('application').where('tenant', '=', tenant).where('id', '=', id)
  return {
    async insert(application) {
      const insert = queries.insertInto('application').values(rowOf(application))
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async byId(tenant, id) {
      const row = await of(tenant).where('id', '=', id).executeTakeFirst()
      return row ? applicationOf(row) : null
    },
    async list({ tenant, state, team, service, after, limit }) {
      let rows = of(tenant).orderBy('id')
      if (after !== undefined) rows = rows.where('id', '>', after)
      if (team !== undefined) rows = rows.where('team', '=', team)
      if (service !== undefined) rows = rows.where('roles', service ? '!=' : '=', '')
      if (state === 'enabled') rows = rows.where('disabled_at', 'is', null)
      if (state === 'disabled') rows = rows.where('disabled_at', 'is not', null)
      return (await rows.limit(limit ?? DEFAULT_LIMIT).execute()).map(applicationOf)
    },
    async change(tenant, id, { roles, ...plain }) {
      const set = {
        // a field that is set to what it is makes the statement whole when nothing else changes
        id,
        ...(plain.name === undefined ? {} : { name: plain.name }),
        ...(plain.team === undefined ? {} : { team: plain.team }),
        ...(plain.purpose === undefined ? {} : { purpose: plain.purpose }),
        ...(roles ? { roles: grantsText(roles) } : {}),
      }
      return (await one(tenant, id).set(set).executeTakeFirst()).numUpdatedRows === 1n
    },
    disable: async (tenant, id, at) =>
      (await one(tenant, id).set({ disabled_at: at }).executeTakeFirst()).numUpdatedRows === 1n,
  }
}

const rowOf = (application: Application): ApplicationTable => ({
  ...made(application),
  tenant: application.tenant,
  team: application.team,
  purpose: application.purpose,
  roles: grantsText(application.roles),
})

const applicationOf = (row: ApplicationTable): Application => ({
  ...organisationOf(row),
  tenant: row.tenant,
  team: row.team,
  purpose: row.purpose,
  roles: grantsOf(row.roles),
})

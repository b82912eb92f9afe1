import { POLICY_ACTIONS, SHARE_KINDS, type PolicyChange, type PolicyStore } from '#policy/ports.ts'
import type { Queries } from './queries.ts'
import type { Schema } from './schema.ts'

/** Changes of the policy; each is one row, and the newest row says what is in force. */
export function createPolicyStore(queries: Queries): PolicyStore {
  const ofTenant = (tenant: string) =>
    queries.selectFrom('policy_change').selectAll().where('tenant', '=', tenant)
  return {
    async add({ state, ...change }) {
      const row = {
        ...change,
        in_force: state.inForce,
        staged: state.staged,
        share: state.share,
        share_by: state.shareBy,
        shadow: state.shadow,
      }
      const insert = queries.insertInto('policy_change').values(row)
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async last(tenant) {
      const row = await ofTenant(tenant).orderBy('number', 'desc').limit(1).executeTakeFirst()
      return row ? changeOf(row) : null
    },
    async get(tenant, number) {
      const row = await ofTenant(tenant).where('number', '=', number).executeTakeFirst()
      return row ? changeOf(row) : null
    },
    async list(tenant, { before, by, action, since, until, limit }) {
      let rows = ofTenant(tenant).orderBy('number', 'desc')
      if (before !== undefined) rows = rows.where('number', '<', before)
      if (by !== undefined) rows = rows.where('by', '=', by)
      if (action !== undefined) rows = rows.where('action', '=', action)
      if (since !== undefined) rows = rows.where('at', '>=', since)
      if (until !== undefined) rows = rows.where('at', '<', until)
      const found = await rows.limit(limit).execute()
      return found.map((row) => ({ ...changeOf(row), document: null }))
    },
  }
}

const changeOf = (row: Schema['policy_change']): PolicyChange => ({
  tenant: row.tenant,
  number: row.number,
  // a word that no version ever wrote says nothing: what counts are the numbers
  action: POLICY_ACTIONS.find((one) => one === row.action) ?? 'put',
  document: row.document,
  digest: row.digest,
  state: {
    inForce: row.in_force,
    staged: row.staged,
    share: row.share,
    shareBy: SHARE_KINDS.find((one) => one === row.share_by) ?? 'key',
    shadow: row.shadow,
  },
  reason: row.reason,
  by: row.by,
  at: row.at,
})

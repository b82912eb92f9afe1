import type { DestinationState } from '#kernel/destination.ts'
import type { DestinationDecision, DestinationStateStore } from '../ports.ts'
import type { Queries } from './queries.ts'
import type { Schema } from './schema.ts'

const STATES: readonly DestinationState[] = ['enabled', 'discovered', 'listed', 'disabled']

/** What administrators decided about destinations. */
export function createDestinationStateStore(queries: Queries): DestinationStateStore {
  const ofTenant = (tenant: string) =>
    queries.selectFrom('destination_state').selectAll().where('tenant', '=', tenant)
  return {
    async set({ tenant, id, state, at, by }) {
      const insert = queries.insertInto('destination_state').values({ tenant, id, state, at, by })
      const key = ['tenant', 'id'] as const
      await insert.onConflict((c) => c.columns(key).doUpdateSet({ state, at, by })).execute()
    },
    async get(tenant, id) {
      const row = await ofTenant(tenant).where('id', '=', id).executeTakeFirst()
      return row ? decisionOf(row) : null
    },
    async list(tenant) {
      return (await ofTenant(tenant).orderBy('id').execute()).map(decisionOf)
    },
    async remove(tenant, id) {
      const ofOne = queries.deleteFrom('destination_state').where('tenant', '=', tenant)
      await ofOne.where('id', '=', id).execute()
    },
  }
}

/** A state that no version ever wrote counts as disabled: never let out what nobody understands. */
function decisionOf(row: Schema['destination_state']): DestinationDecision {
  return { ...row, state: STATES.find((state) => state === row.state) ?? 'disabled' }
}

import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { HELD_STATES, type HeldAnswerStore, type HeldRow } from '#ledger/content/held-answer.ts'
import { uuidBytes, uuidText } from './ledger-row.ts'
import type { Queries } from './queries.ts'
import type { HeldAnswerTable } from './schema.ts'

const LISTED = [
  'id',
  'tenant',
  'owner',
  'caller',
  'person',
  'at',
  'expires_at',
  'class',
  'categories',
  'undetermined',
  'surface',
  'destination',
  'model',
  'rule',
  'found',
  'state',
  'reviewer',
  'decided_at',
  'reason',
] as const

/** Answers that wait for a person, and those that one has read. */
export function createHeldAnswerStore(queries: Queries): HeldAnswerStore {
  return {
    async put({ label, found, expiresAt, decidedAt, id, ...row }) {
      const values = {
        ...row,
        id: uuidBytes(id),
        expires_at: expiresAt,
        decided_at: decidedAt,
        class: label.class,
        categories: JSON.stringify(label.categories),
        undetermined: label.undetermined ? 1 : 0,
        found: JSON.stringify(found),
      }
      await queries.insertInto('held_answer').values(values).execute()
    },
    async get(tenant, id) {
      const row = await queries
        .selectFrom('held_answer')
        .leftJoin('content_key', (join) =>
          join
            .onRef('content_key.tenant', '=', 'held_answer.tenant')
            .onRef('content_key.owner', '=', 'held_answer.owner'),
        )
        .selectAll('held_answer')
        .select('content_key.wrapped')
        .where('held_answer.id', '=', uuidBytes(id))
        .where('held_answer.tenant', '=', tenant)
        .executeTakeFirst()
      return row ? { ...rowOf(row), sealed: row.sealed, wrapped: row.wrapped } : null
    },
    async list({ tenant, limit, after, since, until, ...equal }) {
      let rows = queries.selectFrom('held_answer').select(LISTED).where('tenant', '=', tenant)
      for (const name of ['state', 'class', 'caller', 'rule'] as const) {
        const value = equal[name]
        if (value !== undefined) rows = rows.where(name, '=', value)
      }
      if (since !== undefined) rows = rows.where('at', '>=', since)
      if (until !== undefined) rows = rows.where('at', '<', until)
      // ids begin with the time of the decision
      if (after !== undefined) rows = rows.where('id', '<', uuidBytes(after))
      return (await rows.orderBy('id', 'desc').limit(limit).execute()).map(rowOf)
    },
    async decide(tenant, id, { state, reviewer, decidedAt, reason, sealed }) {
      const { numUpdatedRows } = await queries
        .updateTable('held_answer')
        .set({ state, reviewer, decided_at: decidedAt, reason, ...(sealed ? { sealed } : {}) })
        .where('tenant', '=', tenant)
        .where('id', '=', uuidBytes(id))
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async removeOf(tenant, owner) {
      const { numDeletedRows } = await queries
        .deleteFrom('held_answer')
        .where('tenant', '=', tenant)
        .where('owner', '=', owner)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
    async removeExpired(now) {
      const { numDeletedRows } = await queries
        .deleteFrom('held_answer')
        .where('expires_at', '<=', now)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

function rowOf(row: Omit<HeldAnswerTable, 'sealed'>): HeldRow {
  const categories: unknown = JSON.parse(row.categories)
  const found: unknown = JSON.parse(row.found)
  return {
    id: uuidText(row.id),
    tenant: row.tenant,
    owner: row.owner,
    caller: row.caller,
    person: row.person,
    at: row.at,
    expiresAt: row.expires_at,
    label: {
      // what cannot be read is the highest
      class: CLASSES.find((one) => one === row.class) ?? 'restricted',
      categories: CATEGORIES.filter((one) => Array.isArray(categories) && categories.includes(one)),
      undetermined: row.undetermined !== 0,
    },
    surface: row.surface,
    destination: row.destination,
    model: row.model,
    rule: row.rule,
    found:
      typeof found === 'object' && found !== null
        ? Object.fromEntries(Object.entries(found).filter(([, count]) => typeof count === 'number'))
        : {},
    state: HELD_STATES.find((one) => one === row.state) ?? 'refused',
    reviewer: row.reviewer,
    decidedAt: row.decided_at,
    reason: row.reason,
  }
}

import { sql } from 'kysely'
import type {
  KeyListing,
  KeyStore,
  KeyUse,
  KeyView,
  OwnerState,
  StoredKey,
} from '#identity/ports.ts'
import { grantsOf, grantsText, restrictionsOf, restrictionsText } from './grants.ts'
import type { ApiKeyTable } from './identity-tables.ts'
import type { Queries } from './queries.ts'

const DEFAULT_LIMIT = 100
const VIEW = [
  ...(['id', 'tenant', 'name', 'scopes', 'person', 'application', 'team', 'purpose'] as const),
  ...(['created_at', 'created_by', 'expires_at', 'revoked_at', 'last_used_at'] as const),
  ...(['restrictions', 'replaced_by', 'replaces'] as const),
]
/** Uses told in one statement; two parameters each, and SQLite takes 32,766 (https://www.sqlite.org/limits.html). */
const USES_AT_ONCE = 10_000
/** Owners beyond the second make no difference. */
const ENOUGH_OWNERS = 2

/** API keys. */
export function createKeyStore(queries: Queries): KeyStore {
  const open = (tenant: string, id: string) =>
    queries
      .updateTable('api_key')
      .where('id', '=', id)
      .where('tenant', '=', tenant)
      .where('revoked_at', 'is', null)
  return {
    async insert(key) {
      const insert = queries.insertInto('api_key').values(rowOf(key))
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async byId(id) {
      const rows = queries.selectFrom('api_key').selectAll().where('id', '=', id)
      const row = await rows.executeTakeFirst()
      return row ? { ...viewOf(row), digest: row.digest } : null
    },
    withOwner: (id) => withOwner(queries, id),
    list: async (listing) => (await listed(queries, listing).execute()).map(viewOf),
    async revoke(tenant, id, at) {
      const done = await open(tenant, id).set({ revoked_at: at }).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async restore(tenant, id, revokedAt) {
      const key = queries.updateTable('api_key').where('id', '=', id).where('tenant', '=', tenant)
      await key.where('revoked_at', '=', revokedAt).set({ revoked_at: null }).execute()
    },
    async change(tenant, id, { scopes, expiresAt, restrictions, replacedBy, ...plain }) {
      const set = {
        // a field that is set to what it is makes the statement whole when nothing else changes
        id,
        ...(plain.name === undefined ? {} : { name: plain.name }),
        ...(plain.team === undefined ? {} : { team: plain.team }),
        ...(plain.purpose === undefined ? {} : { purpose: plain.purpose }),
        ...(scopes ? { scopes: grantsText(scopes) } : {}),
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
        ...(restrictions ? { restrictions: restrictionsText(restrictions) } : {}),
        ...(replacedBy === undefined ? {} : { replaced_by: replacedBy }),
      }
      return (await open(tenant, id).set(set).executeTakeFirst()).numUpdatedRows === 1n
    },
    async touch(all) {
      // in one order, so that two gateways never wait for each other's rows
      const uses = all.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))
      for (let i = 0; i < uses.length; i += USES_AT_ONCE) {
        await touch(queries, uses.slice(i, i + USES_AT_ONCE))
      }
    },
    hasAdministrator: async (now) => (await owners(queries, null, now)) > 0,
    countOwners: (tenant, now) => owners(queries, tenant, now),
  }
}

async function withOwner(queries: Queries, id: string): ReturnType<KeyStore['withOwner']> {
  const row = await queries
    .selectFrom('api_key as k')
    .leftJoin('organisation as o', 'o.id', 'k.tenant')
    .leftJoin('application as a', (join) =>
      join.onRef('a.tenant', '=', 'k.tenant').onRef('a.id', '=', 'k.application'),
    )
    .leftJoin('person as p', (join) =>
      join.onRef('p.tenant', '=', 'k.tenant').onRef('p.id', '=', 'k.person'),
    )
    .leftJoin('team as t', (join) =>
      join
        .onRef('t.tenant', '=', 'k.tenant')
        .on('t.id', '=', sql<string>`coalesce(a.team, k.team, p.team)`),
    )
    .selectAll('k')
    .select([
      'o.id as organisation',
      'o.disabled_at as organisation_off',
      't.disabled_at as team_off',
    ])
    .select(['a.id as program', 'a.disabled_at as program_off', 'a.roles as program_roles'])
    .select(['a.team as program_team', 'a.purpose as program_purpose'])
    .select(['p.id as somebody', 'p.disabled_at as somebody_off', 'p.roles as somebody_roles'])
    .select(['p.team as somebody_team'])
    .where('k.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const off = (known: string | null, at: number | null): boolean => known === null || at !== null
  const disabled: OwnerState['disabled'] = off(row.organisation, row.organisation_off)
    ? 'organisation'
    : row.team_off !== null
      ? 'team'
      : row.application !== null && off(row.program, row.program_off)
        ? 'application'
        : row.person !== null && off(row.somebody, row.somebody_off)
          ? 'person'
          : null
  const roles = row.application === null ? row.somebody_roles : row.program_roles
  const owner: OwnerState = {
    disabled,
    grants: row.application === null && row.person === null ? null : grantsOf(roles ?? ''),
    team: row.program_team ?? row.team ?? row.somebody_team,
    purpose: row.purpose ?? row.program_purpose,
  }
  return { key: { ...viewOf(row), digest: row.digest }, owner }
}

function listed(queries: Queries, listing: KeyListing) {
  const { tenant, person, application, team, state, now = 0, after, limit } = listing
  let rows = queries.selectFrom('api_key').select(VIEW).where('tenant', '=', tenant).orderBy('id')
  if (after !== undefined) rows = rows.where('id', '>', after)
  if (person !== undefined) rows = rows.where('person', '=', person)
  if (application !== undefined) rows = rows.where('application', '=', application)
  if (team !== undefined) rows = rows.where('team', '=', team)
  if (state === 'revoked') rows = rows.where('revoked_at', 'is not', null)
  if (state === 'expired') {
    // said twice, because the index of keys that expire is found by these words
    rows = rows.where('expires_at', 'is not', null).where('expires_at', '<=', now)
    rows = rows.where('revoked_at', 'is', null)
  }
  if (state === 'usable') {
    rows = rows.where('revoked_at', 'is', null)
    rows = rows.where((has) => has.or([has('expires_at', 'is', null), has('expires_at', '>', now)]))
  }
  return rows.limit(limit ?? DEFAULT_LIMIT)
}

/** Written so that the partial indexes on administrators and owners serve it. */
async function owners(queries: Queries, tenant: string | null, now: number): Promise<number> {
  let keys = queries
    .selectFrom('api_key as k')
    .leftJoin('team as t', (join) =>
      join.onRef('t.tenant', '=', 'k.tenant').onRef('t.id', '=', 'k.team'),
    )
    .select('k.id')
    .where('t.disabled_at', 'is', null)
    .where('k.revoked_at', 'is', null)
    .where('k.person', 'is', null)
    .where('k.application', 'is', null)
    .where(sql<boolean>`(k.scopes LIKE '%admin%' OR k.scopes LIKE '%owner%')`)
    .where((has) => has.or([has('k.expires_at', 'is', null), has('k.expires_at', '>', now)]))
  let people = queries
    .selectFrom('person as p')
    .leftJoin('team as t', (join) =>
      join.onRef('t.tenant', '=', 'p.tenant').onRef('t.id', '=', 'p.team'),
    )
    .select('p.id')
    .where('t.disabled_at', 'is', null)
    .where('p.disabled_at', 'is', null)
    .where(sql<boolean>`p.roles LIKE '%owner%'`)
  if (tenant !== null) {
    keys = keys.where('k.tenant', '=', tenant)
    people = people.where('p.tenant', '=', tenant)
  }
  const found = await keys.limit(ENOUGH_OWNERS).execute()
  if (found.length >= ENOUGH_OWNERS) return found.length
  return found.length + (await people.limit(ENOUGH_OWNERS).execute()).length
}

/** The unnamed columns of VALUES are called the same everywhere; the casts are for PostgreSQL, which cannot guess. */
async function touch(queries: Queries, uses: readonly KeyUse[]): Promise<void> {
  const rows = sql.join(uses.map(({ id, at }) => sql`(CAST(${id} AS TEXT), CAST(${at} AS BIGINT))`))
  await sql`UPDATE api_key SET last_used_at = used.column2 FROM (VALUES ${rows}) AS used
    WHERE api_key.id = used.column1
      AND (api_key.last_used_at IS NULL OR api_key.last_used_at < used.column2)`.execute(queries)
}

const rowOf = (key: StoredKey): ApiKeyTable => ({
  id: key.id,
  tenant: key.tenant,
  name: key.name,
  scopes: grantsText(key.scopes),
  digest: key.digest,
  created_at: key.createdAt,
  created_by: key.createdBy,
  expires_at: key.expiresAt,
  revoked_at: key.revokedAt,
  last_used_at: key.lastUsedAt,
  person: key.person,
  application: key.application,
  team: key.team,
  purpose: key.purpose,
  restrictions: restrictionsText(key.restrictions),
  replaced_by: key.replacedBy,
  replaces: key.replaces,
})

const viewOf = (row: Omit<ApiKeyTable, 'digest'>): KeyView => ({
  id: row.id,
  tenant: row.tenant,
  name: row.name,
  scopes: grantsOf(row.scopes),
  createdAt: row.created_at,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
  person: row.person,
  application: row.application,
  team: row.team,
  purpose: row.purpose,
  restrictions: restrictionsOf(row.restrictions),
  replacedBy: row.replaced_by,
  replaces: row.replaces,
})

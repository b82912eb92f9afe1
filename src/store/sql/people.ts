import { sql } from 'kysely'
import type { Person, PersonChange, PersonStore } from '#identity/ports.ts'
import type { Queries } from './queries.ts'
import { grantsOf, grantsText } from './grants.ts'
import type { PersonTable } from './identity-tables.ts'
import { made, organisationOf } from './organisations.ts'

const DEFAULT_LIMIT = 100

/** People of organisations. */
export function createPersonStore(queries: Queries): PersonStore {
  const of = (tenant: string) =>
    queries.selectFrom('person').selectAll().where('tenant', '=', tenant)
  const one = (tenant: string, id: string) =>
    queries.updateTable('person').where('tenant', '=', tenant).where('id', '=', id)
  const first = async (rows: ReturnType<typeof of>): Promise<Person | null> => {
    const row = await rows.executeTakeFirst()
    return row ? personOf(row) : null
  }
  /** Whether the e-mail or the subject belongs to somebody else; the unique index has the last word. */
  const isTaken = async (
    tenant: string,
    id: string,
    { email, issuer, subject }: Pick<PersonChange, 'email' | 'issuer' | 'subject'>,
  ): Promise<boolean> => {
    const others = of(tenant).where('id', '!=', id)
    if (email && (await first(others.where('email', '=', email)))) return true
    if (!subject || !issuer) return false
    return (
      (await first(others.where('issuer', '=', issuer).where('subject', '=', subject))) !== null
    )
  }
  return {
    async insert(person) {
      const insert = queries.insertInto('person').values(rowOf(person))
      const done = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    byId: (tenant, id) => first(of(tenant).where('id', '=', id)),
    byEmail: (tenant, email) => first(of(tenant).where('email', '=', email)),
    bySubject: (tenant, issuer, subject) =>
      first(of(tenant).where('issuer', '=', issuer).where('subject', '=', subject)),
    withState: (tenant, id) => withState(queries, tenant, id),
    list: (listing) => list(queries, listing),
    async change(tenant, id, { roles, lastSeenAt, ...plain }) {
      if (await isTaken(tenant, id, plain)) return false
      const set = {
        // a field that is set to what it is makes the statement whole when nothing else changes
        id,
        ...(plain.name === undefined ? {} : { name: plain.name }),
        ...(plain.email === undefined ? {} : { email: plain.email }),
        ...(plain.issuer === undefined ? {} : { issuer: plain.issuer }),
        ...(plain.subject === undefined ? {} : { subject: plain.subject }),
        ...(plain.team === undefined ? {} : { team: plain.team }),
        ...(roles ? { roles: grantsText(roles) } : {}),
        ...(lastSeenAt === undefined ? {} : { last_seen_at: lastSeenAt }),
      }
      try {
        return (await one(tenant, id).set(set).executeTakeFirst()).numUpdatedRows === 1n
      } catch (error) {
        // somebody else was given it at the same moment
        if (await isTaken(tenant, id, plain)) return false
        throw error
      }
    },
    disable: async (tenant, id, at) =>
      (await one(tenant, id).set({ disabled_at: at }).executeTakeFirst()).numUpdatedRows === 1n,
  }
}

async function withState(
  queries: Queries,
  tenant: string,
  id: string,
): ReturnType<PersonStore['withState']> {
  const row = await queries
    .selectFrom('person as p')
    .leftJoin('organisation as o', 'o.id', 'p.tenant')
    .leftJoin('team as t', (join) =>
      join.onRef('t.tenant', '=', 'p.tenant').onRef('t.id', '=', 'p.team'),
    )
    .selectAll('p')
    .select(['o.id as organisation', 'o.disabled_at as organisation_off'])
    .select('t.disabled_at as team_off')
    .where('p.tenant', '=', tenant)
    .where('p.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const disabled =
    row.organisation === null || row.organisation_off !== null
      ? 'organisation'
      : row.team_off !== null
        ? 'team'
        : row.disabled_at === null
          ? null
          : 'person'
  return { person: personOf(row), disabled }
}

async function list(
  queries: Queries,
  { tenant, state, team, role, after, limit }: Parameters<PersonStore['list']>[0],
): Promise<readonly Person[]> {
  let rows = queries.selectFrom('person').selectAll().where('tenant', '=', tenant).orderBy('id')
  if (after !== undefined) rows = rows.where('id', '>', after)
  if (team !== undefined) rows = rows.where('team', '=', team)
  if (role !== undefined) {
    rows = rows.where(sql<boolean>`(' ' || roles || ' ') LIKE ${`% ${role} %`}`)
  }
  if (state === 'enabled') rows = rows.where('disabled_at', 'is', null)
  if (state === 'disabled') rows = rows.where('disabled_at', 'is not', null)
  return (await rows.limit(limit ?? DEFAULT_LIMIT).execute()).map(personOf)
}

const rowOf = (person: Person): PersonTable => ({
  ...made(person),
  tenant: person.tenant,
  email: person.email,
  issuer: person.issuer,
  subject: person.subject,
  roles: grantsText(person.roles),
  team: person.team,
  last_seen_at: person.lastSeenAt,
})

const personOf = (row: PersonTable): Person => ({
  ...organisationOf(row),
  tenant: row.tenant,
  email: row.email,
  issuer: row.issuer,
  subject: row.subject,
  roles: grantsOf(row.roles),
  team: row.team,
  lastSeenAt: row.last_seen_at,
})

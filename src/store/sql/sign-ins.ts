import type {
  SignInCode,
  SignInCodeStore,
  VouchedSession,
  VouchedSessionStore,
} from '#identity/oidc/ports.ts'
import type { Queries } from './queries.ts'
import type { SignInCodeTable, VouchedSessionTable } from './schema.ts'

/** More sessions than one person has at one provider. */
const MOST_OF_ONE = 1000

/** Who vouched for a session. */
export function createVouchedSessionStore(queries: Queries): VouchedSessionStore {
  const all = () => queries.selectFrom('vouched_session').selectAll()
  const one = async (rows: Promise<VouchedSessionTable | undefined>) => {
    const row = await rows
    return row ? sessionOf(row) : null
  }
  return {
    async insert({ keyId, refreshAt, expiresAt, ...rest }) {
      const row = { ...rest, key_id: keyId, refresh_at: refreshAt, expires_at: expiresAt }
      await queries.insertInto('vouched_session').values(row).execute()
    },
    byDigest: (digest) => one(all().where('digest', '=', digest).executeTakeFirst()),
    byKey: (keyId) => one(all().where('key_id', '=', keyId).executeTakeFirst()),
    async of(whose) {
      const theirs = all().where('provider', '=', whose.provider).limit(MOST_OF_ONE)
      const rows =
        'sid' in whose
          ? await theirs.where('sid', '=', whose.sid).execute()
          : await theirs.where('subject', '=', whose.subject).execute()
      return rows.map(sessionOf)
    },
    async due(now, limit) {
      const rows = await all()
        .where('refresh_at', '<=', now)
        .where('expires_at', '>', now)
        .orderBy('refresh_at')
        .limit(limit)
        .execute()
      return rows.map(sessionOf)
    },
    async claim(id, refreshAt, until) {
      const done = await queries
        .updateTable('vouched_session')
        .set({ refresh_at: until })
        .where('id', '=', id)
        .where('refresh_at', '=', refreshAt)
        .executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async renew(id, sealed, refreshAt) {
      const done = await queries
        .updateTable('vouched_session')
        .set({ sealed, refresh_at: refreshAt })
        .where('id', '=', id)
        .executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async remove(id) {
      await queries.deleteFrom('vouched_session').where('id', '=', id).execute()
    },
    async removeExpired(now) {
      await queries.deleteFrom('vouched_session').where('expires_at', '<=', now).execute()
    },
  }
}

const sessionOf = (row: VouchedSessionTable): VouchedSession => ({
  id: row.id,
  tenant: row.tenant,
  person: row.person,
  provider: row.provider,
  subject: row.subject,
  sid: row.sid,
  digest: row.digest,
  keyId: row.key_id,
  sealed: row.sealed,
  refreshAt: row.refresh_at,
  expiresAt: row.expires_at,
})

/** Sign-ins that a command line fetches once. */
export function createSignInCodeStore(queries: Queries): SignInCodeStore {
  return {
    async insert({ expiresAt, ...rest }) {
      const row = { ...rest, expires_at: expiresAt }
      await queries.insertInto('sign_in_code').values(row).execute()
    },
    async take(digest) {
      const taken = queries.deleteFrom('sign_in_code').where('digest', '=', digest).returningAll()
      const row = await taken.executeTakeFirst()
      return row ? codeOf(row) : null
    },
    async removeExpired(now) {
      await queries.deleteFrom('sign_in_code').where('expires_at', '<=', now).execute()
    },
  }
}

const codeOf = ({ expires_at: expiresAt, ...row }: SignInCodeTable): SignInCode => ({
  digest: row.digest,
  tenant: row.tenant,
  person: row.person,
  provider: row.provider,
  subject: row.subject,
  sid: row.sid,
  challenge: row.challenge,
  sealed: row.sealed,
  expiresAt,
})

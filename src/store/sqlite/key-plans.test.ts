import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createKeyStore } from '../sql/keys.ts'
import { createPersonStore } from '../sql/people.ts'
import { createSessionStore } from '../sql/sessions.ts'
import { openDatabase } from './database.ts'
import { queriesOn } from './dialect.ts'
import { temporaryDirectory } from './temporary.ts'

test('with a million keys nothing is read from end to end, and no list is sorted', async (t) => {
  const directory = temporaryDirectory()
  const opened = openDatabase({ path: join(directory.path, 'ecluse.db') })
  assert.ok(opened.ok)
  const database = opened.value
  t.after(() => {
    database.close()
    directory.remove()
  })
  const asked: string[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = (sql: string) => {
    asked.push(sql)
    return prepare(sql)
  }
  const queries = queriesOn(database)
  const keys = createKeyStore(queries)
  const people = createPersonStore(queries)
  const sessions = createSessionStore(queries)
  const [tenant, now, after] = ['default', 5, 'k']
  await keys.byId('aaaaaaaa')
  await keys.withOwner('aaaaaaaa')
  await keys.countOwners(tenant, now)
  await keys.hasAdministrator(now)
  for (const state of [undefined, 'usable', 'expired', 'revoked'] as const)
    await keys.list({ tenant, now, state, after })
  for (const over of [{ person: 'p' }, { application: 'a' }, { team: 't' }])
    await keys.list({ tenant, ...over, after })
  await people.byEmail(tenant, 'a@example.org')
  await people.bySubject(tenant, 'https://idp.example', 's')
  await people.withState(tenant, 'p')
  await people.list({ tenant, after })
  await people.list({ tenant, team: 't', after })
  await sessions.byDigest(new Uint8Array(32))
  await sessions.list({ tenant, now, person: 'p' })
  const statements = new Set(asked)
  assert.ok(statements.size >= 15, `${statements.size} statements`)
  for (const sql of statements) {
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
    for (const step of plan) {
      const detail = String(step['detail'])
      // a partial index is as short as what it holds: read whole it is still only that
      const isPartial = /USING (?:COVERING )?INDEX (?:api_key_admin|api_key_owner|person_owner)\b/
      if (!isPartial.test(detail)) assert.doesNotMatch(detail, /^SCAN/, `${sql}\n${detail}`)
      assert.doesNotMatch(detail, /TEMP B-TREE/, `${sql}\n${detail}`)
    }
  }
})

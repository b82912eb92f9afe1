import { deepEqual, doesNotMatch, equal } from 'node:assert/strict'
import { inspect } from 'node:util'
import { describe, test } from 'node:test'
import { configOn, problemsOn } from './load-for-test.ts'

const yaml = 'database: {url: "${env:DB}"}\n'
const urlOf = (url: string) => configOn({ yaml, env: { DB: url } }).database

describe('the database section', () => {
  test('is the file in the data directory when nothing is said', () => {
    equal(configOn({}).database, null)
    equal(configOn({ yaml: 'database: {connections: 3}\n' }).database, null)
  })

  test('takes the address by reference, and the environment before it', () => {
    equal(urlOf('postgresql://me@localhost/a')?.url.reveal(), 'postgresql://me@localhost/a')
    const env = { DB: 'postgresql://me@localhost/a', ECLUSE_DATABASE_URL: 'postgres://you@[::1]/b' }
    const { database } = configOn({ yaml, env })
    equal(database?.url.reveal(), 'postgres://you@[::1]/b')
    deepEqual(problemsOn({ yaml: 'database: {url: "postgresql://me:pass@localhost/a"}\n' }), [
      'literal-secret database.url@1:12',
    ])
  })

  test('asks for a certificate beyond this machine, unless the address says otherwise', () => {
    const none = { ca: null, cert: null, key: null }
    equal(urlOf('postgresql://me@localhost/a')?.tls, null)
    equal(urlOf('postgresql://me@127.0.0.1:5433/a')?.tls, null)
    equal(urlOf('postgresql://me@%2Frun%2Fpostgresql/a')?.tls, null)
    equal(urlOf('postgresql:///a?host=/run/postgresql')?.tls, null)
    deepEqual(urlOf('postgresql://me@db.example.org/a')?.tls, none)
    const weaker = urlOf('postgresql://me@db.example.org/a?sslmode=no-verify')
    deepEqual([weaker?.tls, weaker?.url.reveal()], [none, 'postgresql://me@db.example.org/a'])
    const plain = configOn({
      yaml,
      env: { DB: 'postgresql://me@db.example.org/a?sslmode=disable' },
    })
    deepEqual(
      [plain.database?.tls, plain.warnings.map(({ code }) => code)],
      [null, ['plain-database']],
    )
  })

  test('takes several servers that stand for each other, in either way of writing', () => {
    const revealed = (url: string) => urlOf(url)?.url.reveal()
    equal(
      revealed('postgresql://me:p%40ss@one:5432,two:5433/a?sslmode=verify-full'),
      'postgresql://me:p%40ss@one:5432,two:5433/a',
    )
    equal(
      revealed('postgresql://me@one,two/a?target_session_attrs=read-write&application_name=x'),
      'postgresql://me@one,two/a?application_name=x',
    )
    equal(
      revealed('postgresql:///a?host=/run/one,/run/two&port=5432,5433&user=me'),
      'postgresql://%2Frun%2Fone:5432,%2Frun%2Ftwo:5433/a?user=me',
    )
    equal(urlOf('postgresql://me@127.0.0.1,[::1]/a')?.tls, null)
    deepEqual(urlOf('postgresql://me@127.0.0.1,db.example.org/a')?.tls, {
      ca: null,
      cert: null,
      key: null,
    })
    for (const url of ['postgresql://me@one,,two/a', 'postgresql://me@one:x,two/a']) {
      deepEqual(problemsOn({ yaml, env: { DB: url } }), ['invalid-database-url database.url@1:12'])
    }
  })

  test('refuses what is no address of a database, and shows nothing of it', () => {
    for (const url of ['postgresql://host', 'https://host/name', 'name', 'postgresql:///name']) {
      deepEqual(problemsOn({ yaml, env: { DB: url } }), ['invalid-database-url database.url@1:12'])
    }
    const database = urlOf('postgresql://me:s3cret@localhost/a')
    doesNotMatch(inspect(database, { depth: 9 }) + JSON.stringify(database), /s3cret/)
  })
})

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

  test('refuses what is no address of a database, and shows nothing of it', () => {
    for (const url of ['postgresql://host', 'https://host/name', 'name', 'postgresql:///name']) {
      deepEqual(problemsOn({ yaml, env: { DB: url } }), ['invalid-database-url database.url@1:12'])
    }
    const database = urlOf('postgresql://me:s3cret@localhost/a')
    doesNotMatch(inspect(database, { depth: 9 }) + JSON.stringify(database), /s3cret/)
  })
})

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { Client } from 'pg'
import { authority, noCertificates } from './support/authority.ts'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'
import { startReplica } from './support/replicas.ts'

const skip = (await noServer()) ?? noCertificates()

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function tlsServer(t: TestContext, ssl: 'on' | 'off') {
  const folder = testHome(t)
  const [ours, other] = [authority(folder, 'ours'), authority(folder, 'other')]
  const port = await freePort()
  const server = await startServer({
    settings: {
      listen_addresses: "'127.0.0.1'",
      port: String(port),
      ssl,
      ssl_cert_file: "'server.crt'",
      ssl_key_file: "'server.key'",
    },
    files: {
      'server.crt': ours.cert,
      'server.key': ours.key,
      // from elsewhere nobody comes in without encryption
      'pg_hba.conf': `local all all trust\n${ssl === 'on' ? 'hostssl' : 'host'} all all all trust\n`,
    },
  })
  t.after(() => server.stop())
  const name = new URL((await server.fresh()).url).pathname
  const addressOf = (host: string): string => `postgresql://ecluse@${host}:${port}${name}`
  /** Environment of a gateway that trusts this authority. */
  const home = (host: string, ca: string): Record<string, string> => {
    const path = testHome(t)
    const yaml = `discover: false\nengine: {enabled: false}\ndatabase: {tls: {ca: "${ca}"}}\n`
    writeFileSync(join(path, 'ecluse.yaml'), yaml)
    return { ECLUSE_HOME: path, ECLUSE_DATABASE_URL: addressOf(host) }
  }
  return { ours, other, home, local: server.url(name.slice(1)) }
}

test(
  'the connection to the server is encrypted, and only a certificate of the named authority and name is accepted',
  { skip },
  async (t) => {
    const { ours, other, home, local } = await tlsServer(t, 'on')
    await startReplica(t, home('localhost', ours.ca))
    const client = new Client({ connectionString: local })
    await client.connect()
    const { rows } = await client.query<{ ssl: boolean }>(
      `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL`,
    )
    await client.end()
    assert.ok(rows.length > 0)
    assert.deepEqual(new Set(rows.map(({ ssl }) => ssl)), new Set([true]))
    for (const [env, code] of [
      [home('localhost', other.ca), /UNABLE_TO_VERIFY|SELF_SIGNED/],
      [home('127.0.0.1', ours.ca), /ERR_TLS_CERT_ALTNAME_INVALID/],
    ] as const) {
      const refused = await runProgram(t, ['serve', '--listen', '127.0.0.1:0'], env)
      assert.equal(refused.code, 2)
      assert.match(refused.text, code)
      assert.match(refused.text, /database\.tls\.ca/)
    }
  },
)

test('a server that does not encrypt is refused, with what to do', { skip }, async (t) => {
  const { ours, home } = await tlsServer(t, 'off')
  const env = home('localhost', ours.ca)
  const refused = await runProgram(t, ['serve', '--listen', '127.0.0.1:0'], env)
  assert.equal(refused.code, 2)
  assert.match(refused.text, /does not encrypt.*sslmode=disable/)
})

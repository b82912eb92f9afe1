import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { hub } from '../src/models/getting/testing/hub.ts'
import { authority, noCertificates } from './support/authority.ts'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

const HOST = 'hub.example'
const TOKEN = `hf_${'t'.repeat(20)}`

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** The Hub with a certificate, where nobody finds it by its name: only the proxy knows the way. */
async function hiddenHub(t: TestContext, home: string) {
  const files = { 'config.json': Buffer.from('{}'), 'notes.txt': Buffer.from('nothing') }
  const { url, seen } = await hub(t, { files, token: TOKEN, closed: 'private' })
  const { ca, cert, key } = authority(home, 'company', HOST)
  const front = createTlsServer({ cert, key }, (asked, answer) => {
    const { url: path, headers } = asked
    request(new URL(path ?? '/', url), { headers }, (told) => {
      const { link, ...others } = told.headers
      const next = String(link ?? '').replaceAll('http:', 'https:')
      answer.writeHead(told.statusCode ?? 500, {
        ...others,
        ...(next === '' ? {} : { link: next }),
      })
      told.pipe(answer)
    }).end()
  })
  return { ca, seen, port: await listening(t, front) }
}

/** A proxy that tunnels to one port, whatever it is asked for. */
async function proxy(t: TestContext, port: number) {
  const asked: string[] = []
  const server = createServer((_, answer) => answer.writeHead(405).end())
  server.on('connect', ({ url, headers }, socket) => {
    asked.push(JSON.stringify([url, headers]))
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const one of [onward, socket]) one.on('error', () => onward.destroy())
  })
  return { asked, address: `http://ada:lock@127.0.0.1:${await listening(t, server)}` }
}

test(
  'a pull goes through the proxy of the company, which learns the host and no token',
  { skip: noCertificates() },
  async (t) => {
    const home = testHome(t)
    const { ca, seen, port } = await hiddenHub(t, home)
    const { asked, address } = await proxy(t, port)
    writeFileSync(
      join(home, 'ecluse.yaml'),
      `discover: false\nengine: {enabled: false}\nmodels: {hub: "https://${HOST}", hub_token: "\${env:HUB_TOKEN}"}\n`,
    )
    const env = { ECLUSE_HOME: home, HUB_TOKEN: TOKEN, NODE_EXTRA_CA_CERTS: ca }
    const pull = (more: Record<string, string>) =>
      runProgram(t, ['models', 'pull', 'hf:acme/small', 'small', '--json'], { ...env, ...more })

    const direct = await pull({ HTTPS_PROXY: address, NO_PROXY: 'elsewhere.example,.example' })
    assert.match(direct.text, /source-unreachable/)
    assert.deepEqual([asked, seen], [[], []])

    for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
      asked.length = 0
      const pulled = await pull({ [name]: address })
      assert.equal(pulled.code, 0, pulled.text)
      assert.ok(asked.length > 0, name)
    }
    assert.ok(asked.every((line) => line.startsWith(`["${HOST}:443"`)))
    const basic = Buffer.from('ada:lock').toString('base64')
    assert.ok(asked.every((line) => line.includes(`Basic ${basic}`)))
    const kept = readFileSync(join(home, 'models', 'manifests', 'small.json'), 'utf8')
    for (const text of [...asked, kept]) assert.ok(!text.includes(TOKEN))
    assert.ok(seen.every((line) => line.includes(TOKEN)))
  },
)

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import type { LiveConfig } from './live-config.ts'
import { weightsReports } from './weights-reports.ts'

test('what a server said of its weights counts until it says something else, also when it falls silent', async (t) => {
  let digest: string | null = 'a'.repeat(64)
  const server = createServer((request, response) => {
    if (digest === null) return void response.writeHead(500).end()
    if (request.url === '/api/tags')
      return void response.end(
        JSON.stringify({ models: [{ name: 'm:latest', digest: 'f'.repeat(64) }] }),
      )
    if (request.url === '/api/show')
      return void response.end(JSON.stringify({ modelfile: `FROM /blobs/sha256-${digest}\n` }))
    response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const destination = (path = ''): Destination => ({
    id: 'gpu',
    dialect: 'openai',
    address: { kind: 'url', baseUrl: `http://127.0.0.1:${port}${path}` },
    zone: 'on-prem',
    jurisdiction: 'local',
    clearance: 'restricted',
    state: 'enabled',
    origin: 'config',
    models: [{ name: 'm', upstream: 'm', digest: 'a'.repeat(64), weights: 'approved' }],
  })
  const live = { current: { credentials: new Map() } } as unknown as LiveConfig
  const reports = weightsReports(live)
  const of = (): string | null => reports.of('gpu', 'm')
  assert.equal(await reports.ask([destination()]), true)
  assert.equal(of(), digest)
  assert.equal(await reports.ask([destination()]), false)
  // others under the same name, and then nothing any more: the configuration is not taken at its word
  digest = 'b'.repeat(64)
  assert.equal(await reports.ask([destination()]), true)
  digest = null
  assert.equal(await reports.ask([destination()]), false)
  assert.equal(of(), 'b'.repeat(64))
  // another server has said nothing yet
  assert.equal(await reports.ask([destination('/elsewhere')]), true)
  assert.equal(of(), null)
})

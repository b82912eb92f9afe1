import assert from 'node:assert/strict'
import dns from 'node:dns'
import { createServer, type Server } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { ask, chat, errorOf, testGateway } from './support/gateway.ts'
import { ANSWER } from './support/upstream.ts'

/** A server on one address of this machine that counts who comes. */
async function listenOn(t: TestContext, address: string, port = 0) {
  const seen = { connections: 0, requests: 0 }
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      seen.requests += 1
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(ANSWER))
    })
  })
  server.on('connection', () => (seen.connections += 1))
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, server, port: (server.address() as AddressInfo).port } // on TCP
}

/** Names of this process mean what a test says; returns how often each was asked for. */
function resolving(t: TestContext, addressOf: (asked: number) => string): { asked: number } {
  const real = dns.lookup
  const told = { asked: 0 }
  const lookup = (name: string, options: unknown, done: unknown): void => {
    const call = (typeof options === 'function' ? options : done) as (...of: unknown[]) => void
    if (name !== 'model.test') return void Reflect.apply(real, dns, [name, options, done])
    told.asked += 1
    const address = addressOf(told.asked)
    const all = typeof options === 'object' && (options as { all?: boolean }).all === true
    if (all) call(null, [{ address, family: 4 }])
    else call(null, address, 4)
  }
  Object.assign(dns, { lookup })
  syncBuiltinESMExports()
  t.after(() => {
    Object.assign(dns, { lookup: real })
    syncBuiltinESMExports()
  })
  return told
}

const config = (zone: string, url: string): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: place, dialect: openai, url: "${url}", zone: ${zone}, jurisdiction: FR, clearance: {class: internal},
     models: [{name: m, upstream: m-1}]}
policy:
  rules: [{id: anywhere, match: {classes: [public, internal]}, allow: {zones: [device, on-prem, managed, api]}}]
`

test('a name outside that leads into our own network is not connected to; one of our own zones is', async (t) => {
  const { seen, port } = await listenOn(t, '127.0.0.1')
  const told = resolving(t, () => '127.0.0.1')
  for (const zone of ['api', 'managed']) {
    const gateway = await testGateway(t, config(zone, `http://model.test:${port}/v1`))
    const refused = await chat(gateway, { body: ask('Bonjour') })
    assert.equal((await errorOf(refused)).code, 'destination-unreachable')
  }
  assert.deepEqual(seen, { connections: 0, requests: 0 })
  assert.ok(told.asked >= 2)
  const own = await testGateway(t, config('on-prem', `http://model.test:${port}/v1`))
  assert.equal((await chat(own, { body: ask('Bonjour') })).status, 200)
  const literal = await testGateway(t, config('api', `http://127.0.0.1:${port}/v1`))
  assert.equal((await chat(literal, { body: ask('Bonjour') })).status, 200, 'it was configured')
})

test('a name that changes its address is asked once for each connection, which stays where it was made', async (t) => {
  const first = await listenOn(t, '127.0.0.1')
  const second = await listenOn(t, '127.0.0.2', first.port)
  const told = resolving(t, (asked) => (asked === 1 ? '127.0.0.1' : '127.0.0.2'))
  const gateway = await testGateway(t, config('on-prem', `http://model.test:${first.port}/v1`))
  const answered = async (): Promise<void> =>
    assert.equal((await chat(gateway, { body: ask('Bonjour') })).status, 200)
  for (let i = 0; i < 4; i += 1) await answered()
  assert.deepEqual(
    [told.asked, first.seen, second.seen.requests],
    [1, { connections: 1, requests: 4 }, 0],
  )
  first.server.closeAllConnections()
  await answered()
  await answered()
  assert.equal(first.seen.requests, 4, 'a new connection asks for the name anew')
  assert.deepEqual([told.asked, second.seen], [2, { connections: 1, requests: 2 }])
})

test('a name outside that changes to a private address after it was public is refused from then on', async (t) => {
  const { seen, port } = await listenOn(t, '127.0.0.1')
  // no address outside is ever connected to here: the first is one that the system refuses at once
  resolving(t, (asked) => (asked === 1 ? '255.255.255.255' : '127.0.0.1'))
  const gateway = await testGateway(t, config('api', `http://model.test:${port}/v1`))
  for (let i = 0; i < 3; i += 1) {
    const refused = await chat(gateway, { body: ask('Bonjour') })
    assert.equal((await errorOf(refused)).code, 'destination-unreachable')
  }
  assert.equal(seen.connections, 0)
})

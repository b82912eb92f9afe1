import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { openOutboundFetch, type OutboundFetchOptions } from './outbound-fetch.ts'

async function serve(t: TestContext, listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // listening on TCP
  return `http://127.0.0.1:${port}`
}

function open(t: TestContext, options: OutboundFetchOptions) {
  const outbound = openOutboundFetch(options)
  t.after(() => outbound.close())
  return outbound
}

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === code

describe('a fetch of somebody else’s addresses', () => {
  test('takes a whole answer and sends a form as it is', async (t) => {
    const url = await serve(t, (request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json', 'x-seen': body })
        response.end(JSON.stringify({ method: request.method }))
      })
    })
    const { fetch } = open(t, { reach: 'private' })
    const form = new URLSearchParams({ code: 'a b' })
    const answer = await fetch(`${url}/token`, { method: 'POST', body: form })
    assert.equal(answer.status, 201)
    assert.equal(answer.headers.get('x-seen'), 'code=a+b')
    assert.deepEqual(await answer.json(), { method: 'POST' })
  })

  test('never follows a redirect', async (t) => {
    const paths: (string | undefined)[] = []
    const url = await serve(t, (request, response) => {
      paths.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const answer = await open(t, { reach: 'private' }).fetch(`${url}/here`)
    assert.equal(answer.status, 302)
    assert.deepEqual(paths, ['/here'])
  })

  test('reaches no private address, by number or by name, unless that was configured', async (t) => {
    let reached = 0
    const url = await serve(t, (_request, response) => {
      reached += 1
      response.end()
    })
    const { fetch } = open(t, { reach: 'public' })
    for (const target of [
      url,
      url.replace('http:', 'https:'),
      'https://[::1]/',
      'https://169.254.169.254/latest',
      'https://10.0.0.1/',
      'https://0x7f000001/',
      'https://2130706433/',
    ]) {
      await assert.rejects(fetch(target), refusedWith('ECLUSE_PRIVATE_ADDRESS'), target)
    }
    const named = url.replace('http:', 'https:').replace('127.0.0.1', 'localhost')
    await assert.rejects(fetch(named), (error: unknown) =>
      String(error).includes('private address'),
    )
    assert.equal(reached, 0)
  })

  test('speaks plain HTTP to this machine alone', async (t) => {
    const { fetch } = open(t, { reach: 'private' })
    await assert.rejects(fetch('http://10.0.0.1/keys'), refusedWith('ECLUSE_PLAIN_HTTP'))
    await assert.rejects(fetch('http://sso.example/keys'), refusedWith('ECLUSE_PLAIN_HTTP'))
    await assert.rejects(fetch('file:///etc/passwd'), refusedWith('ECLUSE_PLAIN_HTTP'))
  })

  test('gives up on an answer that is too large, announced or not, and on one that does not end', async (t) => {
    const url = await serve(t, (request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 5000 })
      if (request.url === '/endless') response.write('x')
      else response.end('x'.repeat(5000))
    })
    const { fetch } = open(t, { reach: 'private', maxBytes: 1000, timeoutMs: 300 })
    await assert.rejects(fetch(`${url}/announced`))
    await assert.rejects(fetch(`${url}/chunked`))
    await assert.rejects(fetch(`${url}/endless`))
  })
})

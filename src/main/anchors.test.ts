import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { Secret } from '#config/secret.ts'
import { openAnchors } from './anchors.ts'

interface Received {
  readonly path: string
  readonly key: string | undefined
  readonly body: string
}

async function notary(t: TestContext, act: (response: ServerResponse) => void) {
  const received: Received[] = []
  const server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => void (body += piece.toString()))
    request.on('end', () => {
      received.push({ path: request.url ?? '', key: request.headers.authorization, body })
      act(response)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/checkpoints?of=us`, received }
}

const anchorAt = (t: TestContext, url: string) => {
  const [anchor] = openAnchors([{ kind: 'url', url, key: new Secret('notary-key') }])
  assert.ok(anchor)
  t.after(() => anchor.close())
  return anchor
}

describe('an anchor', () => {
  test('at an address gets each checkpoint as a POST with its key, and counts once it says so', async (t) => {
    const { url, received } = await notary(t, (response) => response.writeHead(201).end())
    const anchor = anchorAt(t, url)
    assert.equal(await anchor.send('{"number":1}'), true)
    assert.equal(await anchor.send('{"number":2}'), true)
    assert.deepEqual(received, [
      { path: '/checkpoints?of=us', key: 'Bearer notary-key', body: '{"number":1}' },
      { path: '/checkpoints?of=us', key: 'Bearer notary-key', body: '{"number":2}' },
    ])
    assert.ok(!anchor.name.includes('127.0.0.1'))
  })

  test('that refuses, redirects or is not there has not got it', async (t) => {
    const refusing = await notary(t, (response) => response.writeHead(500).end('no'))
    assert.equal(await anchorAt(t, refusing.url).send('{}'), false)
    const other = await notary(t, (response) => response.writeHead(200).end())
    const redirecting = await notary(t, (response) =>
      response.writeHead(307, { location: other.url }).end(),
    )
    assert.equal(await anchorAt(t, redirecting.url).send('{}'), false)
    assert.equal(other.received.length, 0)
    assert.equal(await anchorAt(t, 'http://127.0.0.1:1/').send('{}'), false)
    // beyond this machine in clear
    assert.equal(await anchorAt(t, 'http://192.0.2.1/').send('{}'), false)
  })

  test('in a file has one line for each, after those that were there', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'ecl-anchor-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'worm.jsonl')
    for (const line of ['{"number":1}', '{"number":2}']) {
      const [anchor] = openAnchors([{ kind: 'file', path }])
      assert.equal(await anchor?.send(line), true)
    }
    assert.equal(readFileSync(path, 'utf8'), '{"number":1}\n{"number":2}\n')
    const [nowhere] = openAnchors([{ kind: 'file', path: join(folder, 'none', 'x') }])
    assert.equal(await nowhere?.send('{}'), false)
  })
})

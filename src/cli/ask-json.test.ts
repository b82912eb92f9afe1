import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { askJson } from './ask-json.ts'

test('an answer that breaks off half way is no answer, and nobody waits for the rest of it', async (t) => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":')
      setImmediate(() => socket.destroy())
    })
  })
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const options = { host: '127.0.0.1', port: address.port, path: '/', method: 'GET' }
  assert.deepEqual(await askJson({ options, language: 'en' }), { status: 503, body: null })
})

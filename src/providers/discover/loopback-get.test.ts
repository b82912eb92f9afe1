import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { jsonServer, startServer } from './local-server-for-test.ts'
import { createLoopbackGet, MAX_ANSWER_BYTES } from './loopback-get.ts'

const get = createLoopbackGet(5_000)
const forever = new AbortController().signal

describe('the loopback get', () => {
  test('returns status and body', async (t) => {
    const port = await startServer(t, jsonServer({ '/a': { b: 'é' } }))
    deepEqual(await get(`http://127.0.0.1:${port}/a`, forever), {
      ok: true,
      value: { status: 200, body: '{"b":"é"}' },
    })
  })

  test('asks loopback addresses only: a name could resolve to anything', async () => {
    const elsewhere = [
      'http://localhost:1/',
      'http://192.0.2.1/',
      'http://127.0.0.1.example.org/',
      'https://127.0.0.1/',
      'http://[::2]/',
      'http://0.0.0.0/',
      'file:///etc/passwd',
      'nonsense',
    ]
    for (const url of elsewhere) {
      deepEqual(await get(url, forever), { ok: false, error: 'not-loopback' }, url)
    }
  })

  test('does not follow redirects', async (t) => {
    let asked = 0
    const port = await startServer(t, (_, response) => {
      asked++
      response.writeHead(302, { location: '/next' }).end()
    })
    const answer = await get(`http://127.0.0.1:${port}/`, forever)
    equal(answer.ok && answer.value.status, 302)
    equal(asked, 1)
  })

  test('reads an answer at the limit and refuses one byte more', async (t) => {
    let length = MAX_ANSWER_BYTES
    const port = await startServer(t, (_, response) => response.end('x'.repeat(length)))
    const answer = await get(`http://127.0.0.1:${port}/`, forever)
    equal(answer.ok && answer.value.body.length, MAX_ANSWER_BYTES)
    length++
    deepEqual(await get(`http://127.0.0.1:${port}/`, forever), { ok: false, error: 'too-large' })
  })

  test('says unreachable where nothing listens, and too-slow when told to stop', async (t) => {
    deepEqual(await get('http://127.0.0.1:1/', forever), { ok: false, error: 'unreachable' })
    const port = await startServer(t, () => undefined)
    const signal = AbortSignal.timeout(30)
    deepEqual(await get(`http://127.0.0.1:${port}/`, signal), { ok: false, error: 'too-slow' })
  })

  test('sends neither credentials nor cookies', async (t) => {
    let headers: string[] = []
    const port = await startServer(t, (request, response) => {
      headers = Object.keys(request.headers)
      response.end()
    })
    await get(`http://127.0.0.1:${port}/`, forever)
    deepEqual(headers.toSorted(), ['accept', 'connection', 'host'])
  })
})

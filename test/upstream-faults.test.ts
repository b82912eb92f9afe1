import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { ask, chat, cloudConfig, errorOf, testGateway } from './support/gateway.ts'
import { rawAnswer, startRawUpstream, writePieces } from './support/raw-upstream.ts'
import { ANSWER, frame, json, startUpstream, type Act } from './support/upstream.ts'

/** What a caller gets when the only destination behaves like this. */
async function outcome(
  t: TestContext,
  act: Act,
  more: object = {},
): Promise<{ status: number; code: string; headers: Headers; asked: number }> {
  const upstream = await startUpstream(t, act)
  const gateway = await testGateway(t, cloudConfig(upstream.url))
  const answer = await chat(gateway, { body: ask('hello', more) })
  const { code } = await errorOf(answer)
  return { status: answer.status, code, headers: answer.headers, asked: upstream.seen.length }
}

/** Not asked again: these tests are about what is told, not about retries. */
const ONCE = { 'x-should-retry': 'false' }

const STREAM = { 'content-type': 'text/event-stream' }
const whole = JSON.stringify(ANSWER)

describe('errors of a destination', () => {
  const told: readonly [string, Act, number, string][] = [
    [
      'a refused key',
      (r) => json(r, 401, { error: { message: 'bad key sk-secret' } }),
      502,
      'destination-credentials',
    ],
    ['a server error', (r) => json(r, 500, 'boom', ONCE), 502, 'destination-failed'],
    [
      'an HTML error page',
      (r) =>
        void r.writeHead(502, { 'content-type': 'text/html', ...ONCE }).end('<html>Bad Gateway'),
      502,
      'destination-failed',
    ],
    [
      'its own words on the request',
      (r) =>
        json(r, 400, {
          error: {
            message: 'no such option',
            type: 'invalid_request_error',
            param: 'x',
            code: 'bad',
          },
        }),
      400,
      'bad',
    ],
    [
      'a page instead of an answer',
      (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      502,
      'destination-malformed',
    ],
    ['nothing at all', (r) => void r.writeHead(200).end(), 502, 'destination-malformed'],
    ['204', (r) => void r.writeHead(204).end(), 502, 'destination-failed'],
    [
      'half of the JSON',
      (r) => void r.writeHead(200, { 'content-type': 'application/json' }).end(whole.slice(0, 40)),
      502,
      'destination-malformed',
    ],
    ['a connection that closes', (r) => void r.destroy(), 502, 'destination-unreachable'],
  ]
  for (const [name, act, status, code] of told) {
    test(`${name} is told as ${code}, never as the fault of the caller`, async (t) => {
      const seen = await outcome(t, act)
      assert.deepEqual([seen.status, seen.code], [status, code])
    })
  }

  test('a limited rate tells when to come back, in seconds or as a date', async (t) => {
    const seconds = await outcome(t, (r) => json(r, 429, {}, { 'retry-after': '70' }))
    assert.deepEqual([seconds.status, seconds.code], [429, 'rate_limit_exceeded'])
    assert.equal(seconds.headers.get('retry-after'), '70')
    assert.equal(seconds.headers.get('x-should-retry'), 'true')
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString()
    const date = await outcome(t, (r) => json(r, 503, {}, { 'retry-after': inTwoMinutes }))
    const wait = Number(date.headers.get('retry-after'))
    assert.ok(wait > 60 && wait <= 120, String(wait))
  })

  test('a redirect is not followed, whatever its status', async (t) => {
    const elsewhere = await startUpstream(t)
    for (const status of [301, 302, 303, 307, 308]) {
      const seen = await outcome(
        t,
        (r) => void r.writeHead(status, { location: elsewhere.url }).end(),
      )
      assert.deepEqual([seen.status, seen.code], [502, 'destination-failed'])
    }
    assert.deepEqual(elsewhere.seen, [])
  })
})

describe('streams of a destination', () => {
  const AZURE = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' }
  const stream = [
    ': keep-alive\n\n',
    `data: ${JSON.stringify({ ...AZURE, choices: [], prompt_filter_results: [] })}\n\n`,
    frame({ role: 'assistant', content: '' }),
    frame({ content: 'Zażółć ' }).replaceAll('\n', '\r\n'),
    frame({ content: '🦭 é 中文' }),
    `data: ${JSON.stringify({ ...AZURE, choices: [{ index: 0, finish_reason: null }] })}\n\n`,
    frame({}, 'stop').replaceAll('\n', '\r'),
    'data: [DONE]\n\n',
  ].join('')
  const TEXT = 'Zażółć 🦭 é 中文'

  const contentOf = (text: string): string =>
    [...text.matchAll(/^data: (\{.*\})\r?$/gm)]
      .map(([, data]) => JSON.parse(data ?? '') as { choices: { delta?: { content?: string } }[] })
      .map(({ choices }) => choices[0]?.delta?.content ?? '')
      .join('')

  test('arrive the same wherever their bytes are split: CRLF, comments, chunks without choices or delta', async (t) => {
    const upstream = await startRawUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const bytes = Buffer.from(stream)
    const head = Buffer.from(
      rawAnswer(['content-type: text/event-stream', `content-length: ${bytes.length}`], ''),
    )
    const read = async (pieces: readonly Uint8Array[]): Promise<string> => {
      upstream.act = (socket) => writePieces(socket, [head, ...pieces])
      const answer = await chat(gateway, { body: ask('hello', { stream: true }) })
      assert.equal(answer.status, 200)
      return answer.text()
    }
    const expected = await read([bytes])
    assert.equal(contentOf(expected), TEXT)
    assert.ok(expected.endsWith('data: [DONE]\n\n'))
    for (let at = 1; at < bytes.length; at += 3) {
      assert.equal(await read([bytes.subarray(0, at), bytes.subarray(at)]), expected, String(at))
    }
    assert.equal(await read([...bytes].map((byte) => Uint8Array.of(byte))), expected)
  })

  test('that break end with an error frame and without their end mark', async (t) => {
    const upstream = await startUpstream(t)
    const half = frame({ content: 'Half' })
    const breaks: Record<string, Act> = {
      'the connection closes': (response) => {
        response.writeHead(200, STREAM).write(half)
        setImmediate(() => response.destroy())
      },
      'the connection is reset': (response) => {
        response.writeHead(200, STREAM).write(half)
        setImmediate(() => response.socket?.resetAndDestroy())
      },
      'it ends without an end': (response) => void response.writeHead(200, STREAM).end(half),
      'it ends inside a frame': (response) =>
        void response.writeHead(200, STREAM).end(half + half.slice(0, 30)),
      'it says so itself': (response) =>
        void response
          .writeHead(200, STREAM)
          .end(`${half}data: {"error":{"message":"overloaded"}}\n\ndata: [DONE]\n\n`),
      'it is no JSON any more': (response) =>
        void response.writeHead(200, STREAM).end(`${half}data: {"choices\n\ndata: [DONE]\n\n`),
    }
    for (const [name, act] of Object.entries(breaks)) {
      const gateway = await testGateway(t, cloudConfig(upstream.url))
      upstream.act = act
      const text = await (await chat(gateway, { body: ask('hello', { stream: true }) })).text()
      assert.match(text, /Half/, name)
      assert.match(text, /"error":/, name)
      assert.doesNotMatch(text, /\[DONE\]/, name)
      assert.doesNotMatch(text, /"finish_reason":"/, name)
    }
  })

  test('that break before their first frame are a refusal, not a stream', async (t) => {
    const first: Act = (response) =>
      void response.writeHead(200, STREAM).end('data: {"error":{"message":"overloaded"}}\n\n')
    const seen = await outcome(t, first, { stream: true })
    assert.deepEqual([seen.status, seen.code], [502, 'stream-interrupted'])
  })

  test('an answer that is no stream where one was asked for is malformed', async (t) => {
    const seen = await outcome(t, (response) => json(response, 200, ANSWER), { stream: true })
    assert.deepEqual([seen.status, seen.code], [502, 'destination-malformed'])
  })
})

describe('time limits', () => {
  const timed = (url: string, timeouts: string): string =>
    cloudConfig(url).replace('zone: managed', `timeouts: {${timeouts}}, zone: managed`)

  test('a connection that is not made in time, a head or a first byte that does not come', async (t) => {
    // it accepts the connection and then says nothing, not even in TLS
    const silent = await startRawUpstream(t)
    const bodyless = await startUpstream(t, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    })
    const slow: readonly [string, string][] = [
      [silent.url.replace('http:', 'https:'), 'connect_ms: 50'],
      [silent.url, 'first_byte_ms: 50'],
      [bodyless.url, 'first_byte_ms: 50'],
    ]
    for (const [url, timeouts] of slow) {
      const gateway = await testGateway(t, timed(url, timeouts))
      const answer = await chat(gateway, { body: ask('hello') })
      assert.deepEqual([answer.status, (await errorOf(answer)).code], [504, 'destination-timeout'])
    }
    assert.equal(bodyless.seen.length, 1)
  })

  test('a pause that is too long ends the answer, and the upstream is let go', async (t) => {
    const closed: Promise<void>[] = []
    const upstream = await startUpstream(t, (response, { body }) => {
      closed.push(new Promise((resolve) => response.once('close', resolve)))
      if (body.includes('"stream":true'))
        response.writeHead(200, STREAM).write(frame({ content: 'Half' }))
      else response.writeHead(200, { 'content-type': 'application/json' }).write(whole.slice(0, 30))
    })
    const gateway = await testGateway(t, timed(upstream.url, 'idle_ms: 60'))
    const answer = await chat(gateway, { body: ask('hello') })
    assert.deepEqual([answer.status, (await errorOf(answer)).code], [504, 'destination-timeout'])
    const text = await (await chat(gateway, { body: ask('hello', { stream: true }) })).text()
    assert.match(text, /Half/)
    assert.match(text, /destination-timeout/)
    assert.doesNotMatch(text, /\[DONE\]/)
    assert.equal(closed.length, 2)
    await Promise.all(closed)
  })
})

describe('bytes of a destination', () => {
  const JSON_TYPE = 'content-type: application/json'

  test('fifty megabytes pass as they are; more than is held is refused', async (t) => {
    const big = (characters: number): Act => {
      const body = JSON.stringify({
        ...ANSWER,
        choices: [{ index: 0, message: { role: 'assistant', content: 'a'.repeat(characters) } }],
      })
      return (response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    }
    const upstream = await startUpstream(t, big(50_000_000))
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.status, 200)
    assert.ok((await answer.arrayBuffer()).byteLength > 50_000_000)
    upstream.act = big(68_000_000)
    const refused = await chat(gateway, { body: ask('hello') })
    assert.equal((await errorOf(refused)).code, 'destination-malformed')
  })

  test('a body compressed without being asked is decoded, within bounds', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const encoded = async (coding: string, body: Uint8Array, more = {}): Promise<Response> => {
      upstream.act = (response, { body: asked }) => {
        const type = asked.includes('"stream":true') ? 'text/event-stream' : 'application/json'
        response.writeHead(200, { 'content-type': type, 'content-encoding': coding }).end(body)
      }
      return chat(gateway, { body: ask('hello', more) })
    }
    const bytes = Buffer.from(whole)
    const codings: readonly [string, Uint8Array][] = [
      ['gzip', gzipSync(bytes)],
      ['GZIP', gzipSync(bytes)],
      ['deflate', deflateSync(bytes)],
      ['br', brotliCompressSync(bytes)],
      ['identity', bytes],
    ]
    for (const [coding, body] of codings) {
      const answer = await encoded(coding, body)
      assert.equal(answer.headers.get('content-encoding'), null)
      assert.equal(await answer.text(), whole, coding)
    }
    assert.equal(upstream.seen[0]?.headers['accept-encoding'], 'identity')
    const frames = gzipSync(`${frame({ content: 'Hi' })}${frame({}, 'stop')}data: [DONE]\n\n`)
    assert.match(await (await encoded('gzip', frames, { stream: true })).text(), /Hi[^]*\[DONE\]/)
    const wrong: readonly [string, Uint8Array][] = [
      ['gzip', gzipSync(Buffer.alloc(100_000_000))],
      ['gzip', gzipSync(bytes).subarray(0, 30)],
      ['gzip', bytes],
      ['rot13', bytes],
      ['gzip, gzip', gzipSync(gzipSync(bytes))],
    ]
    for (const [coding, body] of wrong) {
      const refused = await encoded(coding, body)
      assert.deepEqual(
        [refused.status, (await errorOf(refused)).code],
        [502, 'destination-malformed'],
      )
    }
  })

  test('conflicting or wrong lengths are refused, and what follows is nobody’s answer', async (t) => {
    const upstream = await startRawUpstream(t)
    const length = `content-length: ${whole.length}`
    const smuggled = rawAnswer([JSON_TYPE, length], whole.replace('cloud', 'DEVIL'))
    const wrong = [
      rawAnswer([JSON_TYPE, length, 'content-length: 5'], whole),
      rawAnswer([JSON_TYPE, length, 'transfer-encoding: chunked'], `0\r\n\r\n${smuggled}`),
      rawAnswer([JSON_TYPE, 'content-length: -5'], whole),
      rawAnswer([JSON_TYPE, 'transfer-encoding: chunked'], 'zz\r\nhello\r\n0\r\n\r\n'),
      rawAnswer([JSON_TYPE, `content-length: ${whole.length + 10}`], whole),
      'SSH-2.0-OpenSSH_9.9\r\n',
      `HTTP/1.1 200 OK\r\nx-large: ${'a'.repeat(100_000)}\r\n\r\n`,
    ]
    for (const bytes of wrong) {
      const gateway = await testGateway(t, cloudConfig(upstream.url))
      upstream.act = (socket) => socket.end(bytes)
      const answer = await chat(gateway, { body: ask('hello') })
      const text = await answer.text()
      assert.equal(answer.status, 502, bytes.slice(0, 80))
      assert.doesNotMatch(text, /DEVIL|From the cloud/)
    }
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    upstream.act = (socket) => socket.write(rawAnswer([JSON_TYPE, length], whole) + smuggled)
    assert.equal(await (await chat(gateway, { body: ask('hello') })).text(), whole)
    upstream.act = (socket) => socket.write(rawAnswer([JSON_TYPE, length], whole))
    assert.equal(await (await chat(gateway, { body: ask('hello') })).text(), whole)
  })

  test('words before the answer and a body that ends with its connection are HTTP too', async (t) => {
    const upstream = await startRawUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n'
    upstream.act = (socket) =>
      socket.write(hints + rawAnswer([JSON_TYPE, `content-length: ${whole.length}`], whole))
    assert.equal(await (await chat(gateway, { body: ask('hello') })).text(), whole)
    // the upstream closes its half: that is the end of the body
    upstream.act = (socket) => socket.end(rawAnswer([JSON_TYPE, 'connection: close'], whole))
    assert.equal(await (await chat(gateway, { body: ask('hello') })).text(), whole)
  })

  test('no header of a destination reaches the caller, whatever it holds', async (t) => {
    const upstream = await startRawUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    upstream.act = (socket) =>
      socket.end(
        rawAnswer(
          [
            'content-type: application/json; x="\u0001"',
            'x-ecluse-decision: forged;00',
            'x-ecluse-destination: embedded',
            'set-cookie: a=b',
            'access-control-allow-origin: *',
            'retry-after: 1\u000bx-evil: 1',
            `content-length: ${whole.length}`,
          ],
          whole,
        ),
      )
    const answer = await chat(gateway, { body: ask('hello') })
    await answer.text()
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
    assert.equal(answer.headers.get('x-evil'), null)
    assert.doesNotMatch(answer.headers.get('x-ecluse-decision') ?? '', /forged/)
    assert.notEqual(answer.headers.get('x-ecluse-destination'), 'embedded')
  })
})

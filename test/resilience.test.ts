import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { buildApp } from '#gateway/app.ts'
import {
  ask,
  chat,
  cloudConfig,
  errorOf,
  testGateway,
  type TestGateway,
} from './support/gateway.ts'
import { startRawUpstream } from './support/raw-upstream.ts'
import { ANSWER, answerOk, frame, json, startUpstream, type Act } from './support/upstream.ts'

const STREAM = { 'content-type': 'text/event-stream' }
const hangs: Act = () => {}

/** A second managed destination, dearer than the first. */
const backup = (url: string): string =>
  `  - {id: backup, dialect: openai, url: "${url}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: backup-1, price: {input: 5, output: 9}}]}`

/** The same request as bytes, for callers that are no clients. */
function bytesOf(
  gateway: Pick<TestGateway, 'key'>,
  body: object,
  headers: readonly string[] = [],
): string {
  const text = JSON.stringify(body)
  const lines = [
    'POST /v1/chat/completions HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${gateway.key}`,
    'content-type: application/json',
    ...headers,
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n${text}`
}

function dial(t: TestContext, url: string): Socket {
  const socket = connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  return socket
}

/** All that comes back until the other side closes. */
async function received(socket: Socket): Promise<string> {
  let text = ''
  for await (const piece of socket) text += String(piece)
  return text
}

describe('trying again, over sockets', () => {
  test('a caller sees one answer and how many attempts it took', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    upstream.act = (response, seen) =>
      upstream.seen.length < 3 ? json(response, 503, {}) : answerOk(response, seen)
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-ecluse-attempts'), '3')
    assert.equal(upstream.seen.length, 3)
    assert.deepEqual(new Set(upstream.seen.map(({ body }) => body)).size, 1)
  })

  test('when our attempts are spent the client is told not to add its own', async (t) => {
    const upstream = await startUpstream(t, (response) =>
      json(response, 429, {}, { 'retry-after': '0' }),
    )
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.status, 429)
    await answer.body?.cancel()
    assert.equal(upstream.seen.length, 3)
    assert.equal(answer.headers.get('x-ecluse-attempts'), '3')
    assert.equal(answer.headers.get('x-should-retry'), 'false')
  })

  test('the next destination of the verdict takes over, and one outside it never does', async (t) => {
    const first = await startUpstream(t, (response) => response.destroy())
    const second = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(first.url, backup(second.url)))
    const answer = await chat(gateway, { body: ask('hello') })
    assert.equal(answer.status, 200)
    await answer.body?.cancel()
    assert.equal(answer.headers.get('x-ecluse-destination'), 'backup')
    assert.equal(answer.headers.get('x-ecluse-attempts'), '2')
    const kept = await chat(gateway, { body: ask('IBAN FR76 3000 6000 0112 3456 7890 189') })
    assert.equal((await errorOf(kept)).code, 'no-eligible-destination')
    assert.equal(kept.headers.get('x-ecluse-attempts'), null)
    assert.deepEqual([first.seen.length, second.seen.length], [1, 1])
  })

  test('a destination that fails is left alone after a while, and the others go on', async (t) => {
    const first = await startUpstream(t, (response) => response.destroy())
    const second = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(first.url, backup(second.url)))
    for (let request = 0; request < 12; request += 1) {
      const answer = await chat(gateway, { body: ask('hello') })
      assert.equal(answer.status, 200)
      await answer.body?.cancel()
    }
    assert.equal(second.seen.length, 12)
    // five that brought it down, and whatever probes the time of this test had room for
    assert.ok(first.seen.length < 12, String(first.seen.length))
  })
})

describe('a caller who leaves', () => {
  /** Starts a request, leaves once `ready` says so, and resolves when the gateway noticed. */
  async function leaveWhen(
    t: TestContext,
    gateway: TestGateway,
    ready: Promise<unknown>,
    body: object,
  ) {
    const socket = dial(t, gateway.url)
    socket.write(bytesOf(gateway, body))
    await ready
    socket.destroy()
  }

  test('while the connection is being made: nothing is ever sent', async (t) => {
    const silent = await startRawUpstream(t)
    const gateway = await testGateway(t, cloudConfig(silent.url.replace('http:', 'https:')))
    const live = new Promise<string>((resolve) => {
      t.after(
        gateway.house.live('default', (event) => {
          if (event.kind === 'outcome') resolve(event.outcome.status)
        }),
      )
    })
    const connecting = waitUntil(() => silent.connections.length > 0)
    await leaveWhen(t, gateway, connecting, ask('hello'))
    assert.equal(await live, 'cancelled')
    assert.deepEqual(silent.seen, [])
  })

  test('while waiting, in the middle of a whole answer, and in a stream: the upstream is told', async (t) => {
    const stages: readonly [Act, boolean][] = [
      [hangs, false],
      [
        (response) =>
          void response.writeHead(200, { 'content-type': 'application/json' }).write('{"id"'),
        false,
      ],
      [hangs, true],
      [(response) => void response.writeHead(200, STREAM).write(frame({ content: 'one' })), true],
    ]
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const [act, stream] of stages) {
      let asked = (): void => {}
      const reached = new Promise<void>((resolve) => (asked = resolve))
      const gone = new Promise<void>((resolve) => {
        upstream.act = (response, seen) => {
          response.once('close', () => resolve())
          act(response, seen)
          asked()
        }
      })
      await leaveWhen(t, gateway, reached, ask('hello', { stream }))
      await gone
    }
    assert.equal(upstream.seen.length, stages.length)
  })

  test('who closes one half of the connection is answered or let go, never left hanging', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const socket = dial(t, gateway.url)
    socket.end(bytesOf(gateway, ask('hello')))
    const text = await received(socket)
    assert.ok(text === '' || text.includes('From the cloud.'), text.slice(0, 200))
  })
})

describe('slow readers', () => {
  test('hold the upstream back: what is held of an endless stream stays small, and nothing of it is lost', async (t) => {
    const piece = frame({ content: 'x'.repeat(16_000) })
    const pieces = 6_000
    let written = 0
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    upstream.act = (response, seen) => {
      if (!seen.body.includes('"stream":true')) return answerOk(response, seen)
      response.writeHead(200, STREAM)
      const more = (): void => {
        while (written < pieces) {
          written += 1
          if (!response.write(piece)) return void response.once('drain', more)
        }
        response.end(`${frame({}, 'stop')}data: [DONE]\n\n`)
      }
      more()
    }
    const socket = dial(t, gateway.url)
    socket.pause()
    socket.write(bytesOf(gateway, ask('hello', { stream: true }), ['connection: close']))
    // other requests pass meanwhile; when many have, and the stream has not moved, it stands still
    let still = 0
    for (let last = -1; still < 25;) {
      const answer = await chat(gateway, { body: ask('hello') })
      assert.equal(answer.status, 200)
      await answer.body?.cancel()
      still = written === last && written > 0 ? still + 1 : 0
      last = written
    }
    assert.ok(written < pieces / 3, `${written} of ${pieces} pieces were taken`)
    let length = 0
    let end = ''
    for await (const bytes of socket) {
      length += bytes.length
      end = (end + String(bytes)).slice(-200)
    }
    assert.equal(written, pieces)
    assert.ok(length > pieces * 16_000)
    assert.match(end, /data: \[DONE\]/)
  })
})

/** A second door to the same house, with a server of its own that a test may close or hurry. */
async function secondDoor(t: TestContext, gateway: TestGateway, hurry: object = {}) {
  const { bodyBytes, depth } = gateway.config.limits
  const hosts = new Set(['localhost', '127.0.0.1'])
  const app = buildApp(
    gateway.house,
    { hosts, bodyBytes, depth, secure: false, trustedProxies: [] },
    null,
  )
  Object.assign(app.fastify.server, hurry)
  const url = await app.fastify.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.drain(100))
  return { url, key: gateway.key, drain: (ms: number) => app.drain(ms) }
}

describe('stopping', () => {
  test('an open stream ends well, and who comes meanwhile is not let in', async (t) => {
    const upstream = await startUpstream(t)
    const door = await secondDoor(t, await testGateway(t, cloudConfig(upstream.url)))
    let finish = (): void => {}
    upstream.act = (response) => {
      response.writeHead(200, STREAM).write(frame({ content: 'one' }))
      finish = () => void response.end(`${frame({}, 'stop')}data: [DONE]\n\n`)
    }
    const idle = dial(t, door.url)
    const answer = await chat(door, { body: ask('hello', { stream: true }) })
    const stopped = door.drain(60_000)
    idle.write(bytesOf(door, ask('hello')))
    assert.match(await received(idle), /^$|^HTTP\/1\.1 503 /)
    assert.equal(upstream.seen.length, 1)
    finish()
    assert.match(await answer.text(), /\[DONE\]/)
    await stopped
  })

  test('a stream that does not end is cut at the deadline, without its end mark, and the upstream is told', async (t) => {
    const upstream = await startUpstream(t)
    const door = await secondDoor(t, await testGateway(t, cloudConfig(upstream.url)))
    const gone = new Promise<void>((resolve) => {
      upstream.act = (response) => {
        response.once('close', () => resolve())
        response.writeHead(200, STREAM).write(frame({ content: 'one' }))
      }
    })
    const answer = await chat(door, { body: ask('hello', { stream: true }) })
    assert.equal(answer.status, 200)
    await door.drain(20)
    await assert.rejects(answer.text())
    await gone
  })
})

describe('callers', () => {
  test('that expect 100-continue get it, and then their answer', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const body = JSON.stringify(ask('hello'))
    const text = await new Promise<string>((resolve, reject) => {
      const call = httpRequest(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${gateway.key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          expect: '100-continue',
        },
      })
      call.on('continue', () => call.end(body))
      call.on('error', reject)
      call.on(
        'response',
        (response) =>
          void Array.fromAsync(response, String).then((all) => resolve(all.join('')), reject),
      )
      call.flushHeaders()
    })
    assert.equal(text, JSON.stringify(ANSWER))
  })

  test('that pipeline get their answers in order', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const held: (() => void)[] = []
    upstream.act = (response, { body }) => {
      const word = /say (\w+)/.exec(body)?.[1] ?? ''
      const choices = [
        { index: 0, message: { role: 'assistant', content: word }, finish_reason: 'stop' },
      ]
      held.push(() => json(response, 200, { ...ANSWER, choices }))
      // the first is answered last
      if (held.length === 3) for (const answer of held.toReversed()) answer()
    }
    const words = ['alpha', 'beta', 'gamma']
    const socket = dial(t, gateway.url)
    const last = words.length - 1
    socket.write(
      words
        .map((word, at) =>
          bytesOf(gateway, ask(`say ${word}`), at === last ? ['connection: close'] : []),
        )
        .join(''),
    )
    const text = await received(socket)
    assert.deepEqual(
      [...text.matchAll(/"content":"(\w+)"/g)].map(([, word]) => word),
      words,
    )
  })

  test('that send their headers or their body drop by drop are cut off, and hold up nobody', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    // limits as always, only shorter
    const hurry = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 20 }
    const door = await secondDoor(t, gateway, hurry)
    const whole = bytesOf(gateway, ask('hello'))
    for (const part of [whole.slice(0, 60), whole.slice(0, -5)]) {
      const socket = dial(t, door.url)
      socket.write(part)
      assert.match(await received(socket), /^HTTP\/1\.1 4\d\d /)
    }
    assert.deepEqual(upstream.seen, [])
    const answer = await chat(door, { body: ask('hello') })
    assert.equal(answer.status, 200)
    await answer.text()
  })
})

/** Resolves in the turn of the event loop in which this became true. */
async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve))
}

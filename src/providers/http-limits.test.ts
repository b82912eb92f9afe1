import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import type { Destination } from '#kernel/destination.ts'
import { createPassageMint } from '#kernel/passage.ts'
import type { AnswerSink, Flow } from '#kernel/ports.ts'
import { openLines } from './lines.ts'
import type { Timeouts } from './net.ts'

async function listening(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP
}

function asked(
  t: TestContext,
  origin: string,
  sink: Partial<AnswerSink>,
  signal: AbortSignal,
  more: Partial<Timeouts> = {},
) {
  const destination: Destination = {
    id: 'a',
    dialect: 'openai',
    address: { kind: 'url', baseUrl: `${origin}/v1` },
    zone: 'managed',
    jurisdiction: 'FR',
    clearance: 'internal',
    state: 'enabled',
    origin: 'config',
    models: [],
  }
  const timeouts = { connectMs: 1_000, headersMs: 5_000, idleMs: 40, totalMs: null, ...more }
  const lines = openLines(
    () => [destination],
    () => null,
    () => 0,
    () => timeouts,
  )
  t.after(() => lines.close())
  const label = { class: 'public', categories: [], undetermined: false } as const
  const terms = { destination: 'a', origin, label, policyVersion: '', expiresAt: 1 }
  const passage = createPassageMint()(terms, {
    contentType: 'application/json',
    bytes: Buffer.from('{}'),
  })
  const options = { path: '/x', headers: {}, stream: true, requestId: 'r', cacheScope: 'k' }
  const whole = { head() {}, chunk() {}, end() {}, fail() {}, ...sink }
  return lines.ask(passage, options, whole, signal)
}

describe('an answer that is held back', () => {
  test('does not count as a pause of the destination', async (t) => {
    const events: string[] = []
    let writeTheRest: (done: () => void) => void = () => {}
    const origin = await listening(
      t,
      createServer((_request, response) => {
        response.write('one')
        response.once('close', () => events.push('closed'))
        writeTheRest = (done) => response.end('two', done)
      }),
    )
    let flow: Flow | null = null
    let held = false
    await asked(
      t,
      origin,
      {
        head: (_status, _headers, given) => {
          flow = given
        },
        chunk: (bytes) => {
          events.push(String(bytes))
          if (held) return
          held = true
          flow?.pause()
          // longer than the limit between two pieces; the rest is sent before the reader goes on
          setTimeout(() => writeTheRest(() => flow?.resume()), 100)
        },
        end: () => events.push('end'),
        fail: (refusal) => events.push(refusal.code),
      },
      new AbortController().signal,
    )
    assert.deepEqual(
      events.filter((event) => event !== 'closed'),
      ['one', 'two', 'end'],
    )
  })

  test('ends at once when its caller leaves, although nothing is read any more', async (t) => {
    const origin = await listening(
      t,
      createServer((_request, response) => void response.write('one')),
    )
    const stay = new AbortController()
    let flow: Flow | null = null
    const failed: string[] = []
    await asked(
      t,
      origin,
      {
        head: (_status, _headers, given) => {
          flow = given
        },
        chunk: () => {
          flow?.pause()
          stay.abort()
        },
        fail: (refusal) => failed.push(refusal.code),
      },
      stay.signal,
    )
    assert.equal(failed.length, 1)
  })
})

describe('a limit on the whole answer', () => {
  test('ends one that goes on and on, and the destination is told', async (t) => {
    let close = (): void => {}
    const closed = new Promise<void>((resolve) => (close = resolve))
    const origin = await listening(
      t,
      createServer((_request, response) => {
        const timer = setInterval(() => response.write('more'), 5)
        response.once('close', () => {
          clearInterval(timer)
          close()
        })
      }),
    )
    const events: string[] = []
    const sink: Partial<AnswerSink> = {
      chunk: () => void (events.length === 0 && events.push('chunk')),
      end: () => events.push('end'),
      fail: ({ code }) => events.push(code),
    }
    await asked(t, origin, sink, new AbortController().signal, { idleMs: 5_000, totalMs: 80 })
    await closed
    assert.deepEqual(events, ['chunk', 'destination-timeout'])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Choice } from '#kernel/verdict.ts'
import { createTraffic } from '#providers/health/traffic.ts'
import {
  CHAT_ANSWER,
  destination,
  hangs,
  labelOf,
  run,
  STREAM_PIECE,
  whole,
  type Act,
  type Row,
  type Script,
} from './house.fixture.ts'
import { DEFAULT_TRYING, type Hedge } from './retry-plan.ts'
import type { Traffic } from './traffic.ts'

const row = (id: string, script: Script | Act, fields = {}): Row => ({
  destination: destination(id, fields),
  script,
})
const priced = (id: string, input: number) => ({
  models: [{ name: 'm', upstream: id, price: { input, output: input } }],
})
const answers = whole(200, CHAT_ANSWER)
/** Fails so many times, then answers. */
const recovers =
  (failures: number, failure: Act = whole(503, 'busy')): Act =>
  (sink, of) =>
    of.count < failures ? failure(sink, of) : answers(sink, of)

const realTraffic = (concurrent = 100, queue = 100): Traffic =>
  createTraffic({
    clock: () => 0,
    random: () => 0.5,
    sleep: async () => {},
    limitsOf: () => ({ concurrent, queue, queueMs: null }),
  })

/** Two at a time when the first is late: by what is usual there unless said otherwise. */
const hedging = (hedge: Hedge | null = { share: 0.95, afterMs: null }) => ({
  trying: () => ({ ...DEFAULT_TRYING, hedge }),
})

describe('trying again', () => {
  test('a failure that passes is cured before the caller sees it, and the count is told', async () => {
    const { seen, sent, slept } = await run([row('a', recovers(2))])
    assert.equal(seen.text, CHAT_ANSWER)
    assert.equal(seen.receipt?.attempts, 3)
    assert.equal(sent.length, 3)
    assert.deepEqual(slept, [125, 250])
  })

  test('when all attempts are spent the refusal says how many there were', async () => {
    const { seen, sent } = await run([row('a', 'fails')])
    assert.equal(seen.refused?.code, 'destination-failed')
    assert.equal(sent.length, DEFAULT_TRYING.attempts)
    assert.equal(seen.receipt?.attempts, DEFAULT_TRYING.attempts)
  })

  test('what the destination asks for in retry-after is waited for, and too long a wait is passed on', async () => {
    const limits = (seconds: string): Act => whole(429, '{}', { 'retry-after': seconds })
    const short = await run([row('a', recovers(1, limits('2')))])
    assert.equal(short.seen.text, CHAT_ANSWER)
    assert.deepEqual(short.slept, [2_125])
    const date = await run([row('a', recovers(1, limits(new Date(3_000).toUTCString())))])
    assert.deepEqual(date.slept, [3_125])
    const long = await run([row('a', recovers(1, limits('60')))])
    assert.equal(long.seen.refused?.code, 'destination-rate-limited')
    assert.equal(long.seen.refused.retryAfterSeconds, 60)
    assert.equal(long.sent.length, 1)
  })

  test('refusals of the request, of our key, and of a destination that says so are not repeated', async () => {
    const never: readonly Act[] = [
      whole(400, '{}'),
      whole(401, '{}'),
      whole(404, '{}'),
      whole(422, '{}'),
      whole(429, '{}'),
      whole(500, '{}', { 'x-should-retry': 'false' }),
      whole(200, '<html>'),
    ]
    for (const act of never) assert.equal((await run([row('a', act)])).sent.length, 1)
  })

  test('an empty budget ends it: what is down for all is not asked three times by each', async () => {
    const traffic = realTraffic()
    let sent = 0
    for (let request = 0; request < 100; request += 1) {
      sent += (await run([row('a', 'credentials'), row('b', 'fails')], { house: { traffic } })).sent
        .length
    }
    // two destinations each, ten repetitions of the full budget, one in ten after it
    assert.ok(sent <= 200 + 10 + 10, String(sent))
  })

  test('a destination that keeps failing is left out by the verdict until it is probed', async () => {
    const traffic = realTraffic()
    const readiness = () => ({ health: traffic.health(), progress: '' })
    const house = { traffic, readiness }
    const rows = [row('a', 'unreachable', priced('a', 1)), row('b', 'answers', priced('b', 2))]
    for (let request = 0; request < 5; request += 1) await run(rows, { house })
    const { sent, events } = await run(rows, { house })
    assert.deepEqual(
      sent.map((one) => one.destination),
      ['b'],
    )
    assert.ok(events[0]?.type === 'decision')
    assert.deepEqual(events[0].health, { a: 'down' })
    const alone = await run(rows.slice(0, 1), { house })
    assert.equal(alone.seen.refused?.code, 'destination-unreachable')
    assert.equal(alone.seen.refused.retryAfterSeconds, 5)
    assert.deepEqual(alone.sent, [])
  })

  test('the evidence names every destination that the content went to', async () => {
    const { events } = await run([
      row('a', 'unreachable', priced('a', 1)),
      row('b', 'html', priced('b', 2)),
      row('c', 'answers', priced('c', 3)),
    ])
    assert.ok(JSON.stringify(events[1]).includes('"sentTo":["a","b","c"]'))
  })

  test('nothing is tried again once the caller has left', async () => {
    const stay = new AbortController()
    const leavesWhileWaiting = { sleep: async () => stay.abort() }
    const { sent, seen, events } = await run([row('a', 'fails')], {
      signal: stay.signal,
      house: leavesWhileWaiting,
    })
    assert.equal(sent.length, 1)
    assert.equal(seen.refused, null)
    assert.ok(events[1]?.type === 'outcome' && events[1].status === 'cancelled')
  })

  test('a piece of a stream that never ends is cut off', async () => {
    const endless: Act = (sink) => {
      const told = { isStopped: false }
      const stop = (): void => {
        told.isStopped = true
      }
      const flow = { pause() {}, resume() {}, stop }
      sink.head(200, { 'content-type': 'text/event-stream' }, flow)
      sink.chunk(Buffer.from(STREAM_PIECE))
      const piece = Buffer.alloc(1024 * 1024, 'x')
      let sent = 0
      for (; !told.isStopped && sent < 100; sent += 1) sink.chunk(piece)
      assert.ok(sent < 20)
      sink.fail({ code: 'destination-unreachable' })
    }
    const { seen } = await run([row('a', endless)], { stream: true })
    assert.equal(seen.interrupted?.code, 'destination-malformed')
  })
})

describe('places', () => {
  test('a full destination is passed over for the next of the verdict', async () => {
    const traffic = realTraffic(1)
    const rows = [row('a', 'answers', priced('a', 1)), row('b', 'answers', priced('b', 2))]
    assert.notEqual(typeof traffic.enter(choiceOf(rows[0]), 'other'), 'string')
    const { sent } = await run(rows, { house: { traffic } })
    assert.deepEqual(
      sent.map((one) => one.destination),
      ['b'],
    )
  })

  test('where there is no other, the request waits for its place, and leaves the queue with its caller', async () => {
    const traffic = realTraffic(1)
    const rows = [row('a', 'answers')]
    const turn = traffic.enter(choiceOf(rows[0]), 'other')
    assert.ok(typeof turn === 'object' && 'end' in turn)
    const stay = new AbortController()
    const leaving = run(rows, { house: { traffic }, signal: stay.signal })
    const waiting = run(rows, { house: { traffic } })
    stay.abort()
    const left = await leaving
    assert.deepEqual(left.sent, [])
    assert.ok(left.events[1]?.type === 'outcome' && left.events[1].status === 'cancelled')
    turn.end({ kind: 'nothing' })
    assert.equal((await waiting).seen.text, CHAT_ANSWER)
  })

  test('a full queue is a refusal that says when to come back', async () => {
    const traffic = realTraffic(1, 0)
    const rows = [row('a', 'answers')]
    traffic.enter(choiceOf(rows[0]), 'other')
    const { seen, sent } = await run(rows, { house: { traffic } })
    assert.equal(seen.refused?.code, 'queue-full')
    assert.equal(seen.refused.retryAfterSeconds, 1)
    assert.deepEqual(sent, [])
  })

  test('whatever happens, every place is given back', async () => {
    const script = fc.constantFrom<Script>('answers', 'refuses', 'unreachable', 'fails', 'breaks')
    await fc.assert(
      fc.asyncProperty(
        fc.array(script, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (scripts, stream, durable, hedges) => {
          const traffic = realTraffic(1)
          const rows = scripts.map((how, at) => row(`d${at}`, how))
          const house = { traffic, ...hedging(hedges ? { share: null, afterMs: 1 } : null) }
          await run(rows, { house, stream, durable })
          for (const one of rows) assert.notEqual(traffic.enter(choiceOf(one), 'k'), 'busy')
        },
      ),
    )
  })
})

describe('hedging', () => {
  const rows = (first: Script | Act, second: Script | Act): Row[] => [
    row('a', first, priced('a', 1)),
    row('b', second, priced('b', 2)),
  ]
  /** The usual time is known, so the second is asked once it has passed. */
  const known = (): Traffic => ({ ...realTraffic(), usualMs: () => 100 })

  test('is off unless it is asked for, and until the usual time is known', async () => {
    const stay = new AbortController()
    const slow: Act = (sink, of) => {
      stay.abort()
      return hangs(sink, of)
    }
    const off = await run(rows(slow, 'answers'), {
      house: { traffic: known() },
      signal: stay.signal,
    })
    assert.equal(off.sent.length, 1)
  })

  test('the second of the verdict is asked when the first is late, and the loser is cancelled', async () => {
    let isCancelled = false
    const slow: Act = async (sink, of) => {
      await hangs(sink, of)
      isCancelled = true
    }
    const house = { ...hedging(), traffic: known() }
    const { seen, sent, events } = await run(rows(slow, 'answers'), { house })
    assert.equal(seen.text, CHAT_ANSWER)
    assert.equal(seen.ended, 1)
    assert.ok(isCancelled)
    assert.equal(seen.receipt?.destination, 'b')
    assert.equal(seen.receipt?.attempts, 2)
    assert.deepEqual(
      sent.map((one) => one.destination),
      ['a', 'b'],
    )
    assert.ok(JSON.stringify(events[1]).includes('"sentTo":["a","b"]'))
  })

  test('waits as long as it is told to: a share of what is usual, else a fixed time, else for ever', async () => {
    const shares: number[] = []
    const usual = (ms: number | null): Traffic => ({
      ...realTraffic(),
      usualMs: (_, share) => {
        shares.push(share)
        return ms
      },
    })
    const slow: Act = (sink, of) => hangs(sink, of)
    const sleeps = async (hedge: Hedge, ms: number | null) =>
      (await run(rows(slow, 'answers'), { house: { ...hedging(hedge), traffic: usual(ms) } })).slept
    assert.deepEqual(await sleeps({ share: 0.9, afterMs: 700 }, 120), [120])
    assert.deepEqual(await sleeps({ share: 0.9, afterMs: 700 }, null), [700])
    assert.deepEqual(shares, [0.9, 0.9])
    assert.deepEqual(await sleeps({ share: null, afterMs: 700 }, 120), [700])
    assert.equal(shares.length, 2)
    const unknown = await run(rows('answers', 'answers'), {
      house: { ...hedging(), traffic: usual(null) },
    })
    assert.deepEqual([unknown.slept, unknown.sent.length], [[], 1])
  })

  test('one attempt is one request: neither another destination nor two at a time', async () => {
    const only = {
      trying: () => ({ attempts: 1, hedge: { share: null, afterMs: 1 } }),
      traffic: realTraffic(),
    }
    const failed = await run(rows('fails', 'answers'), { house: only })
    assert.equal(failed.seen.refused?.code, 'destination-failed')
    assert.equal(failed.sent.length, 1)
    const answered = await run(rows('answers', 'answers'), { house: only })
    assert.deepEqual([answered.slept, answered.sent.length], [[], 1])
  })

  test('nothing goes to a second destination that the verdict excludes, and streams are never asked twice', async () => {
    const home = { zone: 'device' as const }
    const restricted = [row('home', recovers(0), home), row('away', 'answers')]
    const house = { ...hedging(), traffic: known() }
    const kept = await run(restricted, { house, label: labelOf('restricted') })
    assert.deepEqual(
      kept.sent.map((one) => one.destination),
      ['home'],
    )
    const streamed = await run(rows('streams', 'streams'), { house, stream: true })
    assert.equal(streamed.sent.length, 1)
  })

  test('whatever both do, the caller gets one answer or one refusal', async () => {
    const script = fc.constantFrom<Script>('answers', 'refuses', 'unreachable', 'fails', 'html')
    const later =
      (how: Act, turns: number): Act =>
      async (sink, of) => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
        if (of.signal.aborted) return sink.fail({ code: 'destination-unreachable' })
        return how(sink, of)
      }
    await fc.assert(
      fc.asyncProperty(script, script, fc.nat(6), fc.nat(6), async (one, two, late, later2) => {
        const acts = [one, two].map((how, at) => {
          const scripted: Record<string, Act> = {
            answers,
            refuses: whole(400, '{}'),
            unreachable: (sink) => sink.fail({ code: 'destination-unreachable' }),
            fails: whole(500, '{}'),
            html: whole(200, '<html>'),
          }
          return later(scripted[how] ?? answers, at === 0 ? late : later2)
        })
        const house = { ...hedging(), traffic: known() }
        const { seen, sent, events } = await run(rows(acts[0] ?? answers, acts[1] ?? answers), {
          house,
        })
        assert.equal(Number(seen.refused !== null) + seen.ended, 1)
        assert.ok(seen.text === '' || seen.text === CHAT_ANSWER)
        assert.ok(sent.length <= DEFAULT_TRYING.attempts)
        assert.equal(events.length, 2)
      }),
      { numRuns: 300 },
    )
  })
})

function choiceOf(of: Row | undefined): Choice {
  const [model] = of?.destination.models ?? []
  assert.ok(of && model)
  const { zone } = of.destination
  return { destination: of.destination, model, zone, costEuro: null, tokensPerSecond: null }
}

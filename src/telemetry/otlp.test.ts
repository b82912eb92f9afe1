import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { observation, refusedEarly } from './observation.fixture.ts'
import { openOtlp, type OtlpOptions } from './otlp.ts'
import type { Sent } from './otlp-exporter.ts'

/** Timers that run when the test says so. */
function manualTimers() {
  const waiting: { ms: number; run: () => void }[] = []
  return {
    waiting,
    after(ms: number, run: () => void) {
      const entry = { ms, run }
      waiting.push(entry)
      return () => void waiting.splice(waiting.indexOf(entry), 1)
    },
    /** Runs what waits this long. */
    async fire(ms: number) {
      const due = waiting.filter((entry) => entry.ms === ms)
      for (const entry of due) {
        waiting.splice(waiting.indexOf(entry), 1)
        entry.run()
      }
      await new Promise(setImmediate)
    },
  }
}

function collector(answers: Sent[] = []) {
  const bodies: { path: string; body: string }[] = []
  const counted = { sent: 0, dropped: 0 }
  const scheduler = manualTimers()
  const options: OtlpOptions = {
    send: (path, body) => {
      bodies.push({ path, body })
      return Promise.resolve(answers.shift() ?? 'taken')
    },
    version: '1.2.3',
    serviceName: 'ecluse',
    instance: 'i-1',
    sampleRatio: 1,
    placeOf: () => ({ host: 'h.example', port: 443 }),
    clock: () => 1_700_000_000_100,
    randomBytes: (length) => new Uint8Array(length).fill(128),
    scheduler,
    told: (signal, outcome, count) => {
      if (signal === 'traces') counted[outcome] += count
    },
  }
  const spans = (): number =>
    bodies
      .filter(({ path }) => path === '/v1/traces')
      .flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans).length
  return { options, bodies, counted, scheduler, spans }
}

describe('the way to a collector', () => {
  test('sends spans in groups with who sends them', async () => {
    const { options, bodies, counted, scheduler } = collector()
    const otlp = openOtlp(options)
    otlp.observe(observation())
    otlp.observe(refusedEarly)
    equal(bodies.length, 0)
    await scheduler.fire(2000)
    equal(bodies.length, 1)
    const [{ resource, scopeSpans }] = JSON.parse(bodies[0]?.body ?? '').resourceSpans
    deepEqual(resource.attributes[0], { key: 'service.name', value: { stringValue: 'ecluse' } })
    equal(scopeSpans[0].spans.length, 4)
    deepEqual(counted, { sent: 4, dropped: 0 })
    await otlp.close()
  })

  test('sends metrics whole at every interval: histograms in seconds, tokens as sums', async () => {
    const { options, bodies, scheduler } = collector()
    const otlp = openOtlp(options)
    otlp.observe(observation())
    otlp.observe(observation())
    await scheduler.fire(15_000)
    const body = bodies.find(({ path }) => path === '/v1/metrics')?.body ?? ''
    const { metrics } = JSON.parse(body).resourceMetrics[0].scopeMetrics[0]
    const named = Object.fromEntries(metrics.map((one: { name: string }) => [one.name, one]))
    const [point] = named['gen_ai.client.operation.duration'].histogram.dataPoints
    equal(point.count, '2')
    equal(point.sum, 0.08)
    equal(point.bucketCounts.length, point.explicitBounds.length + 1)
    const [tokens] = named['gen_ai.client.inference.usage.input_tokens'].sum.dataPoints
    equal(tokens.asInt, '14')
    await otlp.close()
  })

  test('tries again what may be taken later, and gives up what is refused', async () => {
    const { options, bodies, counted, scheduler } = collector([
      'retry',
      'retry',
      'taken',
      'refused',
    ])
    const otlp = openOtlp(options)
    otlp.observe(refusedEarly)
    await scheduler.fire(2000)
    await scheduler.fire(1000)
    await scheduler.fire(2000)
    equal(bodies.length, 3)
    deepEqual(counted, { sent: 1, dropped: 0 })
    otlp.observe(refusedEarly)
    await scheduler.fire(2000)
    deepEqual(counted, { sent: 1, dropped: 1 })
    await otlp.close()
  })

  test('holds a bounded number of spans for a collector that is away, and counts the rest', async () => {
    const { options, counted, spans } = collector()
    const otlp = openOtlp(options)
    for (let at = 0; at < 5000; at += 1) otlp.observe(refusedEarly)
    equal(counted.dropped, 5000 - 4096)
    await otlp.close()
    equal(spans(), 4096)
    deepEqual(counted, { sent: 4096, dropped: 904 })
  })

  test('follows the decision of the caller, and else keeps the share that is asked for', async () => {
    const { options, spans } = collector()
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: false }
    const all = openOtlp(options)
    all.observe({ ...refusedEarly, parent })
    await all.close()
    equal(spans(), 0)
    const none = openOtlp({ ...options, sampleRatio: 0.5 })
    none.observe(refusedEarly)
    none.observe({ ...refusedEarly, parent: { ...parent, sampled: true } })
    await none.close()
    equal(spans(), 1)
  })
})

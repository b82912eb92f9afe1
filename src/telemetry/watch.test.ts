import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Observation } from './observation.ts'
import { requestLine } from './request-line.ts'
import { watchRequest } from './watch.ts'

function watched() {
  let now = 1000
  const seen: Observation[] = []
  const open = { requests: 0, streams: 0 }
  const watch = watchRequest(
    {
      clock: () => 1_700_000_000_000,
      now: () => now,
      open,
      observe: (one) => void seen.push(one),
    },
    { request: 'r-1', route: '/v1/chat/completions', traceparent: undefined },
  )
  const pass = (ms: number): void => {
    now += ms
  }
  return { watch, seen, open, pass }
}

describe('the watch over one request', () => {
  test('tells each stage by the time since the one before, and the total to the first byte', () => {
    const { watch, pass } = watched()
    pass(0.25)
    watch.mark('auth')
    pass(0.5)
    watch.read('openai-chat', false, 10)
    pass(2)
    equal(watch.timing(), 'auth;dur=0.250, read;dur=0.500, first-byte;dur=2.000, total;dur=2.750')
  })

  test('counts it as open until its end, and a stream as a stream', () => {
    const { watch, open, seen } = watched()
    watch.read('openai-chat', true, 10)
    deepEqual(open, { requests: 1, streams: 1 })
    watch.ended(200)
    watch.ended(200)
    deepEqual(open, { requests: 0, streams: 0 })
    equal(seen.length, 1)
  })

  test('leaves a line without anything that a caller wrote', () => {
    const { watch, seen } = watched()
    watch.refused('unknown-model')
    watch.timing()
    watch.ended(404)
    const [one] = seen
    const line = one && requestLine(one)
    equal(line?.['code'], 'unknown-model')
    equal(line?.['outcome'], 'refused')
    equal(line?.['model'], null)
  })
})

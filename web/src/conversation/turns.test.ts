import assert from 'node:assert/strict'
import { test } from 'node:test'
import { history, turnsAfter } from './turns.ts'
import type { Turn, TurnEvent } from './turns.ts'

const after = (...events: readonly TurnEvent[]): readonly Turn[] =>
  events.reduce<readonly Turn[]>(turnsAfter, [])

const ask = (question: string): TurnEvent => ({ kind: 'ask', question })
const text = (words: string): TurnEvent => ({ kind: 'text', text: words })
const failure = { code: 'no-eligible-destination', message: 'No.', remedy: 'Remove it.' }
const fail: TurnEvent = { kind: 'fail', failure, receipt: null }

test('words gather into the answer of the newest question', () => {
  const turns = after(
    ask('a'),
    text('x'),
    { kind: 'end', finish: 'stop' },
    ask('b'),
    text('y'),
    text('z'),
  )
  assert.deepEqual(
    turns.map(({ answer, state }) => [answer, state]),
    [
      ['x', 'done'],
      ['yz', 'streaming'],
    ],
  )
})

test('a refused question does not follow into the next request', () => {
  const turns = after(ask('secret'), fail, ask('b'), text('y'), { kind: 'end', finish: 'stop' })
  assert.deepEqual(history(turns), [
    { role: 'user', content: 'b' },
    { role: 'assistant', content: 'y' },
  ])
})

test('a refusal before any word failed; after some words the answer broke off', () => {
  assert.equal(after(ask('a'), fail).at(-1)?.state, 'failed')
  assert.equal(after(ask('a'), text('x'), fail).at(-1)?.state, 'broken')
})

test('what arrives after a stop changes nothing', () => {
  const stopped = after(ask('a'), text('x'), { kind: 'stop' })
  assert.deepEqual(turnsAfter(stopped, text('late')), stopped)
  assert.deepEqual(turnsAfter(stopped, { kind: 'end', finish: 'stop' }), stopped)
  assert.deepEqual(turnsAfter(stopped, fail), stopped)
})

test('a new conversation starts from nothing', () => {
  assert.deepEqual(after(ask('a'), text('x'), { kind: 'clear' }), [])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exchange } from '#kernel/exchange.ts'
import type { DecisionEvent, OutcomeEvent } from '#ledger/event.ts'
import { catalogueOf, policyOf } from '#policy/document.ts'
import { createGate } from '#policy/gate.ts'
import type { PolicyRule } from '#policy/rule.ts'
import {
  CHAT_ANSWER,
  chat,
  destination,
  exchange,
  hangs,
  labelOf,
  recorder,
  scripted,
  STREAM_END,
  STREAM_PIECE,
  whole,
  type Act,
} from './house.fixture.ts'
import type { House } from './ports.ts'
import { serve } from './serve.ts'

const ZONE_RULES: readonly PolicyRule[] = [
  { id: 'home', match: { classes: ['restricted', 'confidential'] }, allow: { zones: ['on-prem'] } },
  { id: 'internal', match: { classes: ['internal'] }, allow: { zones: ['on-prem', 'managed'] } },
  { id: 'public', match: { classes: ['public'] }, allow: { zones: ['on-prem', 'managed', 'api'] } },
]

/** Says what a judge that reads its question would: `word` of the two it was given, or a text of its own. */
type Says = 'ACCEPT' | 'REJECT' | { readonly text: string } | Act

interface Options {
  readonly says: Says
  readonly opinion?: Partial<NonNullable<PolicyRule['opinion']>>
  readonly judgeZone?: 'managed' | 'api' | 'on-prem'
  readonly rules?: readonly PolicyRule[]
  readonly label?: House['classify']
  readonly stream?: boolean
  readonly narrowing?: Exchange['narrowing']
  readonly hold?: House['hold']
  readonly over?: Partial<House>
}

const answer = (text: string): string =>
  JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 7, completion_tokens: 2 },
  })

async function ask(options: Options) {
  const { says, judgeZone = 'on-prem', stream = false } = options
  const model: Act = stream
    ? whole(200, STREAM_PIECE + STREAM_END, { 'content-type': 'text/event-stream' })
    : whole(200, CHAT_ANSWER)
  let sent: readonly { readonly body: string }[] = []
  const judge: Act = (sink, of) => {
    if (typeof says === 'function') return says(sink, of)
    const body = sent.at(-1)?.body ?? ''
    const text = typeof says === 'string' ? new RegExp(`${says}-[A-Z]+`).exec(body)?.[0] : says.text
    return whole(200, answer(text ?? ''))(sink, of)
  }
  const rows = [
    { destination: destination('cloud', { zone: 'on-prem' }), script: model },
    {
      destination: destination('judge', {
        zone: judgeZone,
        models: [{ name: 'judge', upstream: 'j' }],
      }),
      script: judge,
    },
  ]
  const policy = policyOf({
    floor: 'public',
    rules: [
      ...ZONE_RULES,
      { id: 'judged', match: {}, opinion: { model: 'judge', ...options.opinion } },
      ...(options.rules ?? []),
    ],
  })
  const catalogue = catalogueOf(rows.map((row) => row.destination))
  let ids = 0
  const side = scripted(rows, labelOf('public'), true, {
    gate: createGate(
      () => policy,
      () => catalogue,
    ),
    newId: () => `00000000-0000-7000-8000-${(ids++ * 0x1f35d).toString(16).padStart(12, 'a')}`,
    // a bound on time that never comes, as of a clock that stands still
    sleep: (ms) => (ms < 30_000 ? Promise.resolve() : new Promise(() => {})),
    ...(options.label ? { classify: options.label } : {}),
    ...(options.hold ? { hold: options.hold } : {}),
    ...options.over,
  })
  sent = side.sent
  const { seen, reply } = recorder()
  const of = { ...exchange, narrowing: options.narrowing ?? {} }
  await serve(side.house, of, chat(stream, 'm'), reply, new AbortController().signal)
  const outcomes = side.events.filter((one): one is OutcomeEvent => one.type === 'outcome')
  const decisions = side.events.filter((one): one is DecisionEvent => one.type === 'decision')
  return { ...side, seen, outcomes, decisions }
}

test('an answer is shown once another model has nothing against it, and the evidence has both', async () => {
  for (const stream of [false, true]) {
    const { seen, sent, decisions, outcomes } = await ask({ says: 'ACCEPT', stream })
    assert.equal(seen.refused, null)
    assert.match(seen.text, /hi/)
    assert.equal(seen.ended, 1)
    assert.equal(seen.receipt?.opinion, 'yes')
    assert.deepEqual(
      sent.map((one) => one.destination),
      ['cloud', 'judge'],
    )
    assert.match(sent[1]?.body ?? '', /CANARY/)
    const [own, asked] = decisions
    assert.equal(own?.opinionOn, undefined)
    assert.equal(asked?.opinionOn, outcomes.at(-1)?.decision)
    assert.equal(asked?.destination, 'judge')
    assert.deepEqual(
      outcomes.map(({ status, opinion }) => [status, opinion]),
      [
        ['answered', undefined],
        ['answered', 'yes'],
      ],
    )
  }
})

test('nothing of an answer is shown that the other model is against', async () => {
  for (const stream of [false, true]) {
    const { seen, outcomes } = await ask({ says: 'REJECT', stream })
    assert.equal(seen.refused?.code, 'opinion-against')
    assert.equal(seen.text, '')
    assert.deepEqual(seen.refused?.detail?.['rule'], 'judged')
    const last = outcomes.at(-1)
    assert.deepEqual([last?.status, last?.code, last?.opinion], ['failed', 'opinion-against', 'no'])
    // what was made costs, shown or not
    if (!stream) assert.equal(last?.promptTokens, 5)
  }
})

test('a judge that is broken, late, chatty, elsewhere or talked over gives no opinion, and no opinion shows nothing', async () => {
  const none: readonly Says[] = [
    whole(500, 'boom'),
    whole(200, '<html>'),
    (sink) => sink.fail({ code: 'destination-unreachable' }),
    { text: '' },
    { text: 'ACCEPT' },
    { text: 'safe' },
    { text: '{"verdict":"yes"}' },
    { text: 'The answer is fine.' },
  ]
  for (const says of none) {
    const { seen } = await ask({ says })
    assert.equal(seen.refused?.code, 'opinion-missing')
    assert.equal(seen.receipt?.opinion, 'none')
    assert.equal(seen.text, '')
  }
  const late = await ask({ says: hangs, over: { sleep: async () => {} } })
  assert.equal(late.seen.refused?.code, 'opinion-missing')
  const unknown = await ask({ says: 'ACCEPT', opinion: { model: 'nobody' } })
  assert.equal(unknown.seen.refused?.code, 'opinion-missing')
  assert.equal(unknown.sent.length, 1)
})

test('a judge sees nothing above its clearance: of the question, the answer or both', async () => {
  const internal = await ask({
    says: 'ACCEPT',
    judgeZone: 'api',
    label: () => ({ label: labelOf('internal'), findings: [] }),
  })
  assert.equal(internal.seen.refused?.code, 'opinion-missing')
  assert.deepEqual(
    internal.sent.map((one) => one.destination),
    ['cloud'],
  )
  // the question is public, and what was answered is not
  const leaky = await ask({
    says: 'ACCEPT',
    judgeZone: 'api',
    label: (parts) => ({
      label: labelOf(
        parts.some(({ text }) => text.includes('hi')) && parts.length > 1
          ? 'confidential'
          : 'public',
      ),
      findings: [],
    }),
  })
  assert.deepEqual(
    leaky.sent.map((one) => one.destination),
    ['cloud'],
  )
  // the label of the request counts although the texts alone would be less
  let calls = 0
  const first = await ask({
    says: 'ACCEPT',
    judgeZone: 'api',
    label: () => ({ label: labelOf(calls++ === 0 ? 'confidential' : 'public'), findings: [] }),
  })
  assert.deepEqual(
    first.sent.map((one) => one.destination),
    ['cloud'],
  )
  const narrowed = await ask({
    says: 'ACCEPT',
    judgeZone: 'managed',
    narrowing: { zones: ['on-prem'] },
  })
  assert.deepEqual(
    narrowed.sent.map((one) => one.destination),
    ['cloud'],
  )
})

test('a rule may show such an answer with a notice, or have a person decide', async () => {
  for (const stream of [false, true]) {
    const marked = await ask({ says: 'REJECT', opinion: { onNo: 'mark' }, stream })
    assert.match(marked.seen.text, /hi/)
    assert.match(marked.seen.text, /the model judge, which checked this answer, is against it/)
    assert.equal(marked.seen.receipt?.opinion, 'no')
    const held: string[] = []
    const review = await ask({
      says: 'REJECT',
      stream,
      opinion: { onNo: 'review' },
      hold: async ({ content, rule }) => {
        held.push(content.text, rule)
        return { ok: true, value: undefined }
      },
    })
    assert.equal(review.seen.refused?.code, 'held-for-review')
    assert.deepEqual(held, ['hi', 'judged'])
  }
  const nobody = await ask({ says: 'REJECT', opinion: { onNo: 'review' } })
  assert.equal(nobody.seen.refused?.code, 'answer-withheld')
})

test('answers that say that a machine wrote them say so once, before their end', async () => {
  for (const stream of [false, true]) {
    const rules: readonly PolicyRule[] = [
      { id: 'say', match: {}, disclose: 'text' },
      { id: 'say-again', match: {}, disclose: { en: 'A machine wrote this.' } },
    ]
    const { seen } = await ask({ says: 'ACCEPT', rules, stream })
    assert.equal(seen.text.split('This answer was written by an AI system.').length, 2)
    assert.match(seen.text, /A machine wrote this\./)
    assert.equal(seen.receipt?.isDisclosed, true)
  }
})

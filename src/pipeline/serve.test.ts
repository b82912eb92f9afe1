import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ZONES, isOwnZone, type Destination } from '#kernel/destination.ts'
import type { Exchange, Receipt } from '#kernel/exchange.ts'
import { CLASSES, type DataClass, type Label } from '#kernel/label.ts'
import type { Ask } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok } from '#kernel/result.ts'
import type { LedgerEvent } from '#ledger/event.ts'
import { catalogueOf, policyOf } from '#policy/document.ts'
import { createGate, originOf } from '#policy/gate.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { createTraffic } from '#providers/health/traffic.ts'
import type { House, Reply } from './ports.ts'
import { serve } from './serve.ts'

const policy = policyOf({
  floor: 'public',
  rules: [
    {
      id: 'home-only',
      match: { classes: ['restricted', 'confidential'] },
      allow: { zones: ['device', 'on-prem'] },
    },
    {
      id: 'internal',
      match: { classes: ['internal'] },
      allow: { zones: ['device', 'on-prem', 'managed'] },
    },
    { id: 'public-anywhere', match: { classes: ['public'] }, allow: { zones: ZONES } },
  ],
})

/** How a scripted destination behaves. */
type Script =
  | 'answers'
  | 'streams'
  | 'refuses'
  | 'unreachable'
  | 'fails'
  | 'breaks'
  | 'credentials'
  | 'html'

const CHAT_ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 1 },
})
const STREAM_PIECE =
  'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}\n\n'
const STREAM_END =
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
const flow = { pause: () => {}, resume: () => {} }

interface Sent {
  readonly destination: string
  readonly body: string
  readonly order: number
}

/** A house whose destinations are scripted and whose ledger is a list; the gate and the pipeline are the real ones. */
function scripted(
  rows: readonly { destination: Destination; script: Script }[],
  label: Label,
  durable = true,
) {
  const events: LedgerEvent[] = []
  const sent: Sent[] = []
  let order = 0
  let committedAt = Infinity
  const catalogue = catalogueOf(rows.map(({ destination }) => destination))
  const ask: Ask = async (passage, _options, sink) => {
    const row = rows.find(({ destination }) => destination.id === passage.destination)
    assert.ok(row)
    const opened = passage.open({
      destination: row.destination.id,
      origin: originOf(row.destination),
      now: 0,
    })
    assert.ok(opened.ok)
    order += 1
    sent.push({
      destination: row.destination.id,
      body: Buffer.from(opened.value).toString(),
      order,
    })
    const bytes = (text: string): Uint8Array => Buffer.from(text)
    const whole = (status: number, type: string, text: string): void => {
      sink.head(status, { 'content-type': type }, flow)
      sink.chunk(bytes(text))
      sink.end()
    }
    switch (row.script) {
      case 'answers':
        return whole(200, 'application/json', CHAT_ANSWER)
      case 'streams':
        return whole(200, 'text/event-stream', STREAM_PIECE + STREAM_END)
      case 'refuses':
        return whole(400, 'application/json', '{"error":{"message":"no such option","param":"x"}}')
      case 'unreachable':
        return sink.fail({ code: 'destination-unreachable' })
      case 'fails':
        return whole(500, 'text/plain', 'boom')
      case 'credentials':
        return whole(401, 'application/json', '{"error":{"message":"bad key sk-123"}}')
      case 'html':
        return whole(200, 'text/html', '<html>')
      case 'breaks':
        sink.head(200, { 'content-type': 'text/event-stream' }, flow)
        sink.chunk(bytes(STREAM_PIECE))
        return sink.fail({ code: 'destination-unreachable' })
    }
  }
  const house: House = {
    classify: () => ({ label, findings: [] }),
    gate: createGate(
      () => policy,
      () => catalogue,
    ),
    readiness: () => ({ health: {}, progress: '' }),
    ask,
    record: (event, { id }) => {
      events.push(event)
      const isDurable = async () => {
        await Promise.resolve()
        order += 1
        committedAt = Math.min(committedAt, order)
        return durable ? ok(undefined) : err<Refusal>({ code: 'ledger-unavailable' })
      }
      return ok({ id: id ?? 'id', leaf: 'ab', durable: isDurable() })
    },
    traffic: createTraffic({ clock: () => 0, random: () => 0.5 }),
    sleep: async () => {},
    random: () => 0.5,
    clock: () => 0,
    newId: () => 'decision-1',
  }
  return { house, events, sent, committedAt: () => committedAt }
}

function recorder() {
  const seen = {
    text: '',
    refused: null as Refusal | null,
    interrupted: null as Refusal | null,
    ended: 0,
    receipt: null as Receipt | null,
  }
  const reply: Reply = {
    refuse: (refusal, receipt) => {
      assert.equal(seen.text, '')
      seen.refused = refusal
      seen.receipt = receipt
    },
    head: (_type, receipt) => {
      seen.receipt = receipt
    },
    write: (piece) => {
      seen.text += typeof piece === 'string' ? piece : Buffer.from(piece).toString()
      return true
    },
    onDrain: (resume) => resume(),
    end: () => {
      seen.ended += 1
    },
    interrupt: (refusal) => {
      seen.interrupted = refusal
    },
  }
  return { seen, reply }
}

const destination = (id: string, fields: Partial<Destination> = {}): Destination => ({
  id,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: `https://${id}.test/v1` },
  zone: 'managed',
  jurisdiction: 'FR',
  clearance: 'restricted',
  state: 'enabled',
  origin: 'config',
  models: [{ name: 'm', upstream: `${id}-m` }],
  ...fields,
})

const labelOf = (dataClass: DataClass): Label => ({
  class: dataClass,
  categories: [],
  undetermined: false,
})

const exchange: Exchange = {
  id: 'request-1',
  receivedAt: 0,
  caller: { tenant: 'default', keyId: 'k', name: 'test', scopes: ['inference'] },
  language: 'en',
  narrowing: {},
}

function chat(stream: boolean, model = 'auto') {
  const read = readChatRequest({ model, stream, messages: [{ role: 'user', content: 'CANARY' }] })
  assert.ok(read.ok)
  return chatSurface(read.value, { id: 'x', createdSeconds: 0 })
}

async function run(
  rows: readonly { destination: Destination; script: Script }[],
  options: {
    label?: Label
    stream?: boolean
    model?: string
    durable?: boolean
    narrowing?: Exchange['narrowing']
  } = {},
) {
  const side = scripted(rows, options.label ?? labelOf('public'), options.durable ?? true)
  const { seen, reply } = recorder()
  const of = { ...exchange, narrowing: options.narrowing ?? {} }
  await serve(
    side.house,
    of,
    chat(options.stream ?? false, options.model),
    reply,
    new AbortController().signal,
  )
  return { ...side, seen }
}

describe('serve', () => {
  test('an answer comes with its receipt, and leaves a decision and an outcome', async () => {
    const { seen, events } = await run([{ destination: destination('a'), script: 'answers' }])
    assert.equal(seen.text, CHAT_ANSWER)
    assert.deepEqual(seen.receipt, {
      decision: 'decision-1',
      leaf: 'ab',
      class: 'public',
      undetermined: false,
      destination: 'a',
      attempts: 1,
      dropped: [],
    })
    assert.deepEqual(
      events.map(({ type }) => type),
      ['decision', 'outcome'],
    )
    const outcome = events[1]
    assert.ok(outcome?.type === 'outcome')
    assert.equal(outcome.status, 'answered')
    assert.equal(outcome.promptTokens, 5)
  })

  test('nothing of the text is in the evidence', async () => {
    const { events } = await run([{ destination: destination('a'), script: 'answers' }], {
      model: 'CANARY',
    })
    assert.ok(!JSON.stringify(events).includes('CANARY'))
  })

  test('when a destination fails before it has shown anything, the next of the verdict is asked', async () => {
    for (const script of ['unreachable', 'fails', 'credentials', 'html'] as const) {
      const { seen, sent } = await run([
        { destination: destination('a'), script },
        { destination: destination('b'), script: 'answers' },
      ])
      assert.equal(seen.text, CHAT_ANSWER, script)
      assert.deepEqual(
        sent.map((one) => one.destination),
        ['a', 'b'],
        script,
      )
    }
  })

  test('a refusal of the request itself is not tried elsewhere', async () => {
    const { seen, sent } = await run([
      { destination: destination('a'), script: 'refuses' },
      { destination: destination('b'), script: 'answers' },
    ])
    assert.equal(seen.refused?.code, 'destination-refused')
    assert.equal(sent.length, 1)
  })

  test('a stream that breaks after its first frame ends as an interruption and is not tried again', async () => {
    const rows = [
      { destination: destination('a'), script: 'breaks' as const },
      { destination: destination('b'), script: 'streams' as const },
    ]
    const { seen, sent } = await run(rows, { stream: true })
    assert.equal(seen.interrupted?.code, 'destination-unreachable')
    assert.equal(seen.ended, 0)
    assert.ok(!seen.text.includes('[DONE]'))
    assert.equal(sent.length, 1)
  })

  test('the decision is on the disk before a byte leaves for a zone that is not ours', async () => {
    const away = await run([{ destination: destination('a'), script: 'answers' }])
    assert.ok(away.committedAt() < (away.sent[0]?.order ?? 0))
  })

  test('when the decision cannot be recorded, nothing leaves for outside', async () => {
    const away = await run([{ destination: destination('a'), script: 'answers' }], {
      durable: false,
    })
    assert.equal(away.seen.refused?.code, 'ledger-unavailable')
    assert.deepEqual(away.sent, [])
  })

  test('the caller may raise the class and drop zones, never lower or widen', async () => {
    const rows = [{ destination: destination('a'), script: 'answers' as const }]
    const raised = await run(rows, { narrowing: { class: 'restricted' } })
    assert.equal(raised.seen.refused?.code, 'no-eligible-destination')
    const lowered = await run(rows, {
      label: labelOf('restricted'),
      narrowing: { class: 'public' },
    })
    assert.equal(lowered.seen.refused?.code, 'no-eligible-destination')
    const zones = await run(rows, { narrowing: { zones: ['device'] } })
    assert.equal(zones.seen.refused?.code, 'no-eligible-destination')
  })

  test('an unknown model is told as such, and its name is not recorded', async () => {
    const { seen, events } = await run([{ destination: destination('a'), script: 'answers' }], {
      model: 'gpt-x',
    })
    assert.equal(seen.refused?.code, 'unknown-model')
    assert.ok(!JSON.stringify(events).includes('gpt-x'))
  })

  test('whatever fails, no text reaches a destination that its label excludes, and every exchange ends in exactly one way', async () => {
    const script = fc.constantFrom<Script>(
      'answers',
      'streams',
      'refuses',
      'unreachable',
      'fails',
      'breaks',
      'credentials',
      'html',
    )
    const row = fc.record({
      zone: fc.constantFrom(...ZONES),
      clearance: fc.constantFrom(...CLASSES),
      state: fc.constantFrom(
        'enabled' as const,
        'discovered' as const,
        'listed' as const,
        'disabled' as const,
      ),
      script,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 5 }),
        fc.constantFrom(...CLASSES),
        fc.boolean(),
        fc.boolean(),
        async (rows, dataClass, stream, undetermined) => {
          const label: Label = undetermined
            ? { class: 'restricted', categories: [], undetermined }
            : labelOf(dataClass)
          const named = rows.map(({ script: how, ...fields }, at) => ({
            destination: destination(`d${at}`, fields),
            script: how,
          }))
          const { sent, seen, events } = await run(named, { label, stream })
          for (const one of sent) {
            const to = named.find((known) => known.destination.id === one.destination)?.destination
            assert.ok(to)
            const isHome = isOwnZone(to.zone)
            if (label.class === 'restricted' || label.class === 'confidential') assert.ok(isHome)
            if (label.class === 'internal') assert.notEqual(to.zone, 'api')
            assert.ok(
              to.state === 'enabled' || (to.state === 'discovered' && label.class === 'public'),
            )
            assert.ok(CLASSES.indexOf(label.class) <= CLASSES.indexOf(to.clearance))
          }
          assert.equal(
            Number(seen.refused !== null) + Number(seen.interrupted !== null) + seen.ended,
            1,
          )
          assert.deepEqual(
            events.map(({ type }) => type),
            ['decision', 'outcome'],
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})

import assert from 'node:assert/strict'
import { ZONES, type Destination } from '#kernel/destination.ts'
import { plainCaller, type Exchange, type Receipt } from '#kernel/exchange.ts'
import type { DataClass, Label } from '#kernel/label.ts'
import type { AnswerSink, Ask } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok } from '#kernel/result.ts'
import type { LedgerEvent } from '#ledger/event.ts'
import { catalogueOf, policyOf } from '#policy/document.ts'
import { createGate, originOf } from '#policy/gate.ts'
import { readChatRequest } from '#protocols/openai-chat/request.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'
import { createTraffic } from '#providers/health/traffic.ts'
import type { House, Reply } from './ports.ts'
import { NO_LIMITS } from './limits.ts'
import { DEFAULT_TRYING } from './retry-plan.ts'
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
export type Script =
  | 'answers'
  | 'streams'
  | 'refuses'
  | 'unreachable'
  | 'fails'
  | 'breaks'
  | 'credentials'
  | 'html'

export const CHAT_ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 1 },
})
export const STREAM_PIECE =
  'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}\n\n'
export const STREAM_END =
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
const flow = { pause: () => {}, resume: () => {}, stop: () => {} }

/** A destination that behaves as a test wants; `count` is how often it was asked before. */
export type Act = (
  sink: AnswerSink,
  of: { count: number; signal: AbortSignal },
) => void | Promise<void>

/** A whole answer at once. */
export const whole =
  (status: number, text: string, headers: Record<string, string> = {}): Act =>
  (sink) => {
    sink.head(status, { 'content-type': 'application/json', ...headers }, flow)
    sink.chunk(Buffer.from(text))
    sink.end()
  }

/** Says nothing until the caller or the race is over. */
export const hangs: Act = (sink, { signal }) =>
  new Promise((resolve) => {
    const fail = (): void => {
      sink.fail({ code: 'destination-unreachable' })
      resolve()
    }
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })

const ACTS: Readonly<Record<Script, Act>> = {
  answers: whole(200, CHAT_ANSWER),
  streams: whole(200, STREAM_PIECE + STREAM_END, { 'content-type': 'text/event-stream' }),
  refuses: whole(400, '{"error":{"message":"no such option","param":"x"}}'),
  unreachable: (sink) => sink.fail({ code: 'destination-unreachable' }),
  fails: whole(500, 'boom', { 'content-type': 'text/plain' }),
  credentials: whole(401, '{"error":{"message":"bad key sk-123"}}'),
  html: whole(200, '<html>', { 'content-type': 'text/html' }),
  breaks: (sink) => {
    sink.head(200, { 'content-type': 'text/event-stream' }, flow)
    sink.chunk(Buffer.from(STREAM_PIECE))
    sink.fail({ code: 'destination-unreachable' })
  },
}

export interface Row {
  readonly destination: Destination
  readonly script: Script | Act
}

interface Sent {
  readonly destination: string
  readonly body: string
  readonly order: number
}

/** A house whose destinations are scripted and whose ledger is a list; the gate and the pipeline are the real ones. */
export function scripted(
  rows: readonly Row[],
  label: Label,
  durable = true,
  over: Partial<House> = {},
) {
  const events: LedgerEvent[] = []
  const sent: Sent[] = []
  const slept: number[] = []
  let order = 0
  let committedAt = Infinity
  const catalogue = catalogueOf(rows.map(({ destination }) => destination))
  const ask: Ask = async (passage, _options, sink, signal) => {
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
      body: Buffer.from(opened.value.bytes).toString(),
      order,
    })
    const count = sent.filter((one) => one.destination === row.destination.id).length - 1
    const act = typeof row.script === 'string' ? ACTS[row.script] : row.script
    await act(sink, { count, signal })
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
    limits: NO_LIMITS,
    traffic: createTraffic({ clock: () => 0, random: () => 0.5, sleep: async () => {} }),
    sleep: async (ms) => {
      slept.push(ms)
    },
    random: () => 0.5,
    trying: () => DEFAULT_TRYING,
    clock: () => 0,
    now: () => 0,
    newId: () => 'decision-1',
    ...over,
  }
  return { house, events, sent, slept, committedAt: () => committedAt }
}

export function recorder() {
  const seen = {
    text: '',
    refused: null as Refusal | null,
    interrupted: null as Refusal | null,
    ended: 0,
    receipt: null as Receipt | null,
  }
  const reply: Reply = {
    limits: () => {},
    refuse: (refusal, receipt) => {
      assert.equal(seen.text, '')
      seen.refused = refusal
      seen.receipt = receipt
    },
    whole: (_type, receipt, body) => {
      seen.receipt = receipt
      seen.text = Buffer.from(body).toString()
      seen.ended += 1
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

export const destination = (id: string, fields: Partial<Destination> = {}): Destination => ({
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

export const labelOf = (dataClass: DataClass): Label => ({
  class: dataClass,
  categories: [],
  undetermined: false,
})

export const exchange: Exchange = {
  id: 'request-1',
  receivedAt: 0,
  caller: plainCaller('default', 'k', 'test'),
  language: 'en',
  narrowing: {},
}

export function chat(stream: boolean, model = 'auto') {
  const read = readChatRequest({ model, stream, messages: [{ role: 'user', content: 'CANARY' }] })
  assert.ok(read.ok)
  return chatSurface(read.value, { id: 'x', createdSeconds: 0 })
}

export async function run(
  rows: readonly Row[],
  options: {
    label?: Label
    stream?: boolean
    model?: string
    durable?: boolean
    narrowing?: Exchange['narrowing']
    house?: Partial<House>
    signal?: AbortSignal
  } = {},
) {
  const side = scripted(
    rows,
    options.label ?? labelOf('public'),
    options.durable ?? true,
    options.house,
  )
  const { seen, reply } = recorder()
  const of = { ...exchange, narrowing: options.narrowing ?? {} }
  await serve(
    side.house,
    of,
    chat(options.stream ?? false, options.model),
    reply,
    options.signal ?? new AbortController().signal,
  )
  return { ...side, seen }
}

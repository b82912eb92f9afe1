import type { AnswerSink, Ask, AskOptions, Flow } from '#kernel/ports.ts'
import type { Destination, DialectName } from '#kernel/destination.ts'
import { originOf } from '#policy/gate.ts'
import type { Dice } from './dice.ts'

/** What a destination was sent: the only way that content leaves. */
export interface Recorded {
  readonly destination: string
  readonly body: string
  readonly path: string
  /** Id of the exchange, as the request says it. */
  readonly request: string
}

export interface Witness {
  /** Called with everything that reaches a destination, before it answers. */
  record(one: Recorded): void
}

const FLOW: Flow = { pause: () => {}, resume: () => {}, stop: () => {} }
const JSON_TYPE = { 'content-type': 'application/json' }
const SSE = { 'content-type': 'text/event-stream' }
const NDJSON = { 'content-type': 'application/x-ndjson' }

/** Every destination of an organisation, recording, and behaving as badly as destinations do. */
export function recordingAsk(
  destinations: () => readonly Destination[],
  dice: Dice,
  witness: Witness,
  clock: () => number,
): Ask {
  return async (passage, options, sink, signal) => {
    const place = destinations().find(({ id }) => id === passage.destination)
    if (!place) return sink.fail({ code: 'destination-unreachable' })
    const fault = dice.below(20)
    // refused before anything is written, as a name that cannot be resolved is
    if (fault === 0) return sink.fail({ code: 'destination-unreachable' })
    const body = passage.open({ destination: place.id, origin: originOf(place), now: clock() })
    if (!body.ok) return sink.fail(body.error)
    const text = Buffer.from(body.value.bytes).toString('utf8')
    witness.record({
      destination: place.id,
      body: text,
      path: options.path,
      request: options.requestId,
    })
    // other exchanges go on meanwhile
    for (let turns = dice.below(3); turns > 0; turns -= 1) await turn()
    if (signal.aborted) return sink.fail({ code: 'destination-unreachable' })
    if (fault <= 6) return misbehave(fault, sink, text)
    const ticket = `ticket:${options.requestId}.`
    // some models say again what they were told
    const [verdict] = /(?:ACCEPT|REJECT)-[A-Z]+/.exec(text) ?? []
    const said =
      verdict && dice.chance(0.6)
        ? verdict
        : dice.chance(0.1)
          ? `${ticket} ${text.slice(0, 2000)}`
          : ticket
    answer(place.dialect, options, sink, said, dice.chance(0.05))
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function misbehave(fault: number, sink: AnswerSink, text: string): void {
  const whole = (
    status: number,
    body: string,
    headers: Record<string, string> = JSON_TYPE,
  ): void => {
    sink.head(status, headers, FLOW)
    sink.chunk(Buffer.from(body))
    sink.end()
  }
  switch (fault) {
    case 1:
      return whole(429, '{"error":{"message":"slow down"}}', { ...JSON_TYPE, 'retry-after': '0' })
    case 2:
      return whole(500, text.slice(0, 500), { 'content-type': 'text/plain' })
    case 3:
      return whole(302, '', { location: 'https://elsewhere.test/v1', ...JSON_TYPE })
    case 4:
      return sink.fail({ code: 'destination-timeout' })
    case 5:
      // says again what it was sent, as an error
      return whole(400, JSON.stringify({ error: { message: text.slice(0, 300) } }))
    default:
      sink.head(200, SSE, FLOW)
      sink.chunk(Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"half'))
      return sink.fail({ code: 'destination-unreachable' })
  }
}

type Answer = (said: string, stream: boolean) => readonly [string, Record<string, string>]

const sse = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')

const CHAT: Answer = (content, stream) =>
  stream
    ? [
        `${sse(
          {
            id: 'c',
            choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
          },
          { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        )}data: [DONE]\n\n`,
        SSE,
      ]
    : [
        JSON.stringify({
          id: 'c',
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 5, completion_tokens: 3 },
        }),
        JSON_TYPE,
      ]

const COMPLETION: Answer = (text, stream) =>
  stream
    ? [
        `${sse({ id: 'c', choices: [{ index: 0, text, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
        SSE,
      ]
    : [JSON.stringify({ id: 'c', choices: [{ index: 0, text, finish_reason: 'stop' }] }), JSON_TYPE]

const MESSAGES: Answer = (text, stream) =>
  stream
    ? [
        [
          {
            type: 'message_start',
            message: {
              id: 'm',
              role: 'assistant',
              content: [],
              model: 'x',
              usage: { input_tokens: 1, output_tokens: 1 },
            },
          },
          { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
          { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
          { type: 'content_block_stop', index: 0 },
          {
            type: 'message_delta',
            delta: { stop_reason: 'end_turn', stop_sequence: null },
            usage: { output_tokens: 3 },
          },
          { type: 'message_stop' },
        ]
          .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
          .join(''),
        SSE,
      ]
    : [
        JSON.stringify({
          id: 'm',
          type: 'message',
          role: 'assistant',
          model: 'x',
          content: [{ type: 'text', text }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 3 },
        }),
        JSON_TYPE,
      ]

const OLLAMA: Answer = (content, stream) => {
  const line = (said: string, done: boolean): string =>
    `${JSON.stringify({ model: 'x', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: said }, done, ...(done ? { done_reason: 'stop' } : {}) })}\n`
  return stream ? [line(content, false) + line('', true), NDJSON] : [line(content, true), JSON_TYPE]
}

const GEMINI: Answer = (text, stream) => {
  const piece = {
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 3 },
  }
  return stream ? [sse(piece), SSE] : [JSON.stringify(piece), JSON_TYPE]
}

const DATA: Answer = (said) => [
  JSON.stringify({
    object: 'list',
    id: said,
    model: 'x',
    data: [
      { object: 'embedding', index: 0, embedding: vectorOf(said) },
      { object: 'embedding', index: 1, embedding: vectorOf(said) },
    ],
    results: [
      { index: 0, relevance_score: 0.5, flagged: false },
      { index: 1, relevance_score: 0.4, flagged: false },
    ],
  }),
  JSON_TYPE,
]

/** Every question means nearly the same, which is the worst that a cache of meanings can be told. */
const vectorOf = (said: string): number[] => [1, 0.001 * (said.length % 10), 0, 0]

const BY_PATH: readonly (readonly [string, Answer])[] = [
  ['/chat/completions', CHAT],
  ['/completions', COMPLETION],
  ['/embeddings', DATA],
  ['/moderations', DATA],
  ['/rerank', DATA],
]
const BY_DIALECT: Readonly<Record<DialectName, Answer>> = {
  openai: CHAT,
  anthropic: MESSAGES,
  ollama: OLLAMA,
  gemini: GEMINI,
}

function answer(
  dialect: DialectName,
  { path, stream }: AskOptions,
  sink: AnswerSink,
  said: string,
  isBroken: boolean,
): void {
  const write = BY_PATH.find(([end]) => path.endsWith(end))?.[1] ?? BY_DIALECT[dialect]
  const [body, headers] = write(said, stream)
  const bytes = Buffer.from(body)
  sink.head(200, headers, FLOW)
  const cut = Math.floor(bytes.length / 2)
  sink.chunk(bytes.subarray(0, cut))
  // a stream that stops half way
  if (isBroken) return sink.fail({ code: 'destination-unreachable' })
  sink.chunk(bytes.subarray(cut))
  sink.end()
}

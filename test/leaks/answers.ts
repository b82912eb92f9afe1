import type { AskOptions } from '#kernel/ports.ts'
import type { DialectName } from '#kernel/destination.ts'

/** What a model says, in the pieces it comes in, and the arguments of a tool it wants called. */
export interface Said {
  readonly pieces: readonly string[]
  /** JSON; null: no tool. */
  readonly call: string | null
  /** Texts that vectors or scores are asked for; one where it is not said. */
  readonly inputs?: number
}

type Headers = Readonly<Record<string, string>>
type Answer = (said: Said, stream: boolean) => readonly [body: string, headers: Headers]

export const JSON_TYPE = { 'content-type': 'application/json' }
export const SSE = { 'content-type': 'text/event-stream' }
const NDJSON = { 'content-type': 'application/x-ndjson' }

const sse = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')

const delta = (what: object, finish: string | null = null): object => ({
  id: 'c',
  choices: [{ index: 0, delta: what, finish_reason: finish }],
})

const CHAT: Answer = ({ pieces, call }, stream) => {
  const half = Math.floor((call?.length ?? 0) / 2)
  const of = (json: string) => [{ index: 0, function: { arguments: json } }]
  const tool = { index: 0, id: 'c9', type: 'function', function: { name: 'send', arguments: '' } }
  const end = call === null ? 'stop' : 'tool_calls'
  if (stream)
    return [
      `${sse(
        ...pieces.map((content, at) =>
          delta(at === 0 ? { role: 'assistant', content } : { content }),
        ),
        ...(call === null
          ? []
          : [
              delta({ tool_calls: [tool] }),
              delta({ tool_calls: of(call.slice(0, half)) }),
              delta({ tool_calls: of(call.slice(half)) }),
            ]),
        delta({}, end),
      )}data: [DONE]\n\n`,
      SSE,
    ]
  const calls =
    call === null ? {} : { tool_calls: [{ ...tool, function: { name: 'send', arguments: call } }] }
  const message = { role: 'assistant', content: pieces.join(''), ...calls }
  return [
    JSON.stringify({
      id: 'c',
      choices: [{ index: 0, message, finish_reason: end }],
      usage: { prompt_tokens: 5, completion_tokens: 3 },
    }),
    JSON_TYPE,
  ]
}

const COMPLETION: Answer = ({ pieces }, stream) => {
  const choice = (text: string, isLast: boolean) => ({
    id: 'c',
    choices: [{ index: 0, text, finish_reason: isLast ? 'stop' : null }],
  })
  return stream
    ? [
        `${sse(...pieces.map((piece, at) => choice(piece, at === pieces.length - 1)))}data: [DONE]\n\n`,
        SSE,
      ]
    : [JSON.stringify(choice(pieces.join(''), true)), JSON_TYPE]
}

const MESSAGES: Answer = ({ pieces, call }, stream) => {
  const usage = { input_tokens: 1, output_tokens: 3 }
  const end = call === null ? 'end_turn' : 'tool_use'
  const tool = { type: 'tool_use', id: 't9', name: 'send' }
  const about = { id: 'm', role: 'assistant', model: 'x', usage }
  if (!stream)
    return [
      JSON.stringify({
        ...about,
        type: 'message',
        content: [
          { type: 'text', text: pieces.join('') },
          ...(call === null ? [] : [{ ...tool, input: JSON.parse(call) as unknown }]),
        ],
        stop_reason: end,
        stop_sequence: null,
      }),
      JSON_TYPE,
    ]
  const events: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[] = [
    { type: 'message_start', message: { ...about, content: [] } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...pieces.map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    ...(call === null
      ? []
      : [
          { type: 'content_block_start', index: 1, content_block: { ...tool, input: {} } },
          {
            type: 'content_block_delta',
            index: 1,
            delta: { type: 'input_json_delta', partial_json: call },
          },
          { type: 'content_block_stop', index: 1 },
        ]),
    {
      type: 'message_delta',
      delta: { stop_reason: end, stop_sequence: null },
      usage: { output_tokens: 3 },
    },
    { type: 'message_stop' },
  ]
  return [
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
    SSE,
  ]
}

const OLLAMA: Answer = ({ pieces }, stream) => {
  const line = (content: string, done: boolean): string =>
    `${JSON.stringify({ model: 'x', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content }, done, ...(done ? { done_reason: 'stop' } : {}) })}\n`
  return stream
    ? [pieces.map((piece) => line(piece, false)).join('') + line('', true), NDJSON]
    : [line(pieces.join(''), true), JSON_TYPE]
}

const GEMINI: Answer = ({ pieces }, stream) => {
  const piece = (text: string, isLast: boolean) => ({
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: [{ text }] },
        ...(isLast ? { finishReason: 'STOP' } : {}),
      },
    ],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 3 },
  })
  return stream
    ? [sse(...pieces.map((text, at) => piece(text, at === pieces.length - 1))), SSE]
    : [JSON.stringify(piece(pieces.join(''), true)), JSON_TYPE]
}

const DATA: Answer = ({ pieces, inputs = 1 }) => {
  const said = pieces.join('')
  const each = Array.from({ length: inputs }, (_, index) => index)
  return [
    JSON.stringify({
      object: 'list',
      id: said,
      model: 'x',
      data: each.map((index) => ({ object: 'embedding', index, embedding: vectorOf(said) })),
      results: each.map((index) => ({ index, relevance_score: 0.5, flagged: false })),
    }),
    JSON_TYPE,
  ]
}

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

/** Whether a model is asked to say something, and not for figures. */
export const isSpoken = (path: string): boolean =>
  !/\/(?:embeddings|moderations|rerank|embed|v1\/embed)$/.test(path)

/** An answer as a server of this dialect writes it. */
export function answerOf(
  dialect: DialectName,
  { path, stream }: Pick<AskOptions, 'path' | 'stream'>,
  said: Said,
): readonly [body: string, headers: Headers] {
  const write = BY_PATH.find(([end]) => path.endsWith(end))?.[1] ?? BY_DIALECT[dialect]
  return write(said, stream)
}

import { prose, random } from './prose.ts'

/** One kind of traffic. */
export interface Scenario {
  readonly id: string
  readonly callers: number
  /** Requests per round and subject; a tenth of it in a quick run. */
  readonly requests: number
  readonly tokens: number | null
  readonly body: (index: number) => string
}

/** Tokens per stream; the upstream is told the same. */
export const TOKENS = 64

const chat = (model: string, messages: readonly object[], more: object = {}): string =>
  JSON.stringify({ model, messages, temperature: 0.2, ...more })

const user = (content: string): object => ({ role: 'user', content })

/** A body of its own for every index, the same in every run. */
const each =
  (make: (next: () => number) => string) =>
  (index: number): string =>
    make(random(index * 2_654_435_761))

/** Thirty turns of which only the newest is new, as a chat client sends them: many conversations, each going on. */
function conversations(count: number): (index: number) => string {
  const next = random(4242)
  let histories: readonly object[][] | null = null
  return (index) => {
    histories ??= Array.from({ length: count }, () =>
      Array.from({ length: 29 }, (_, turn) => ({
        role: turn % 2 === 0 ? 'user' : 'assistant',
        content: prose(500, next),
      })),
    )
    const history = histories[index % count] ?? []
    return chat('bench-chat', [...history, user(prose(500, random(index)))])
  }
}

const oneKilobyte = each((next) => chat('bench-chat', [user(prose(900, next))]))
const stream = each((next) => chat('bench-stream', [user(prose(900, next))], { stream: true }))

export const CHAT_32: Scenario = {
  id: 'chat-1kb-32',
  callers: 32,
  requests: 6_000,
  tokens: null,
  body: oneKilobyte,
}

export const SCENARIOS: readonly Scenario[] = [
  { id: 'chat-1kb-1', callers: 1, requests: 2_000, tokens: null, body: oneKilobyte },
  CHAT_32,
  { id: 'history-16kb-32', callers: 32, requests: 2_000, tokens: null, body: conversations(100) },
  { id: 'stream-64-1', callers: 1, requests: 20, tokens: TOKENS, body: stream },
  { id: 'stream-64-32', callers: 32, requests: 640, tokens: TOKENS, body: stream },
  {
    id: 'body-1mb-4',
    callers: 4,
    requests: 60,
    tokens: null,
    body: each((next) => chat('bench-chat', [user(prose(1_000_000, next))])),
  },
]

/** Slow streams, all open at once: two tokens a second each. */
export const SLOW = {
  streams: 2_000,
  body: each((next) => chat('bench-slow', [user(prose(300, next))], { stream: true })),
} as const

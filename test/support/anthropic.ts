import type { TestContext } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import { cloudConfig, testGateway, type TestGateway } from './gateway.ts'
import { json, startUpstream, type Act, type Upstream } from './upstream.ts'

/** A valid account number of nobody. */
export const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

/** A gateway in front of one managed destination that speaks Anthropic. */
export const claudeConfig = (url: string): string =>
  cloudConfig(url).replace('id: cloud, dialect: openai', 'id: claude, dialect: anthropic')

export interface House {
  readonly gateway: TestGateway
  readonly upstream: Upstream
  readonly client: Anthropic
}

/** A gateway with one such destination, and the official client of its surface. */
export async function house(
  t: TestContext,
  speaks: 'openai' | 'anthropic',
  act?: Act,
): Promise<House> {
  const upstream = await startUpstream(t, act)
  const config = speaks === 'openai' ? cloudConfig(upstream.url) : claudeConfig(upstream.url)
  const gateway = await testGateway(t, config)
  const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
  return { gateway, upstream, client }
}

/** A whole answer with a field nobody knows. */
export const MESSAGE = {
  id: 'msg_up',
  type: 'message',
  role: 'assistant',
  model: 'claude-up',
  content: [{ type: 'text', text: 'From the cloud.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: {
    input_tokens: 4,
    cache_creation_input_tokens: 1,
    cache_read_input_tokens: 2,
    output_tokens: 4,
  },
  later_field: { kept: [1, null] },
}

/** One frame. */
export const event = (data: { type: string } & Record<string, unknown>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
/** The frames of one content block. */
export const block = (index: number, content: object, ...deltas: object[]): string =>
  event({ type: 'content_block_start', index, content_block: content }) +
  deltas.map((delta) => event({ type: 'content_block_delta', index, delta })).join('') +
  event({ type: 'content_block_stop', index })
/** The two last frames. */
export const ending = (reason: string): string =>
  event({
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 4 },
  }) + event({ type: 'message_stop' })
/** A thought, a text and two calls; without its end. */
export const STREAM =
  event({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } }) +
  event({ type: 'ping' }) +
  block(
    0,
    { type: 'thinking', thinking: '', signature: '' },
    { type: 'thinking_delta', thinking: 'Let me see.' },
    { type: 'signature_delta', signature: 'c2lnbmVk' },
  ) +
  block(1, { type: 'text', text: '' }, { type: 'text_delta', text: 'Two looks.' }) +
  block(
    2,
    { type: 'tool_use', id: 'toolu_a', name: 'look', input: {} },
    { type: 'input_json_delta', partial_json: '' },
    { type: 'input_json_delta', partial_json: '{"at":"l' },
    { type: 'input_json_delta', partial_json: 'eft"}' },
  ) +
  block(
    3,
    { type: 'tool_use', id: 'toolu_b', name: 'look', input: {} },
    { type: 'input_json_delta', partial_json: '{"at":"right"}' },
  )

/** Answers with these frames. */
export const stream =
  (text: string): Act =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text)

/** Answers as Anthropic does. */
export const answerNative: Act = (response, seen) =>
  seen.body.includes('"stream":true')
    ? stream(STREAM + ending('tool_use'))(response, seen)
    : json(response, 200, MESSAGE)

/** A plain request. */
export const hello = {
  model: 'auto',
  max_tokens: 50,
  messages: [{ role: 'user' as const, content: 'hello' }],
}
/** A tool. */
export const LOOK = {
  name: 'look',
  description: 'Looks somewhere.',
  input_schema: { type: 'object' as const, properties: { at: { type: 'string' } } },
}

/** One raw request to a path of the surface. */
export const post = (
  { url, key }: Pick<TestGateway, 'url' | 'key'>,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

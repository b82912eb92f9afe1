import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface Seen {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly bytes: Uint8Array
}

/** What a scripted upstream does with one request. */
export type Act = (response: ServerResponse, seen: Seen) => void

export interface Upstream {
  readonly url: string
  /** Everything that ever reached it, byte for byte. */
  readonly seen: readonly Seen[]
  /** The next requests are answered by this. */
  act: Act
}

/** An OpenAI-compatible server that records whatever reaches it: the witness of what left the gateway. */
export async function startUpstream(t: TestContext, act: Act = answerOk): Promise<Upstream> {
  const seen: Seen[] = []
  const upstream = { url: '', seen, act }
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const bytes = Buffer.concat(pieces)
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: bytes.toString('utf8'),
        bytes,
      }
      // asked which engine it is, at a time of the gateway's own: nothing leaves with that
      const isWatched = request.method === 'GET' && one.headers.authorization === undefined
      if (!isWatched) seen.push(one)
      upstream.act(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo // listening on TCP
  upstream.url = `http://127.0.0.1:${address.port}/v1`
  t.after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return upstream
}

export const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'cloud-1',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'From the cloud.', refusal: null },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 },
}

export const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body))
}

/** Answers as OpenAI does, streaming when asked to. */
export const answerOk: Act = (response, { body }) => {
  if (!body.includes('"stream":true')) return json(response, 200, ANSWER)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(frame({ role: 'assistant', content: '' }))
  response.write(frame({ content: 'From ' }))
  response.write(frame({ content: 'the cloud.' }))
  response.write(frame({}, 'stop'))
  const usage = { ...CHUNK, choices: [], usage: ANSWER.usage }
  response.end(`data: ${JSON.stringify(usage)}\n\ndata: [DONE]\n\n`)
}

const CHUNK = { id: 'chatcmpl-2', object: 'chat.completion.chunk', created: 1, model: 'cloud-1' }

export const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

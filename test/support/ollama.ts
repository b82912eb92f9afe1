import { Ollama, type ChatResponse } from 'ollama'
import type { TestGateway } from './gateway.ts'
import { json, type Act, type Upstream } from './upstream.ts'

export const hello = [{ role: 'user', content: 'hello' }]

export const clientOf = (gateway: TestGateway): Ollama =>
  new Ollama({ host: gateway.url, headers: { authorization: `Bearer ${gateway.key}` } })

export const post = (gateway: TestGateway, path: string, body: object): Promise<Response> =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Whatever a stream gives, and how it ended. */
export async function drained<T>(
  stream: AsyncIterable<T>,
): Promise<{ pieces: T[]; error: string }> {
  const pieces: T[] = []
  try {
    for await (const piece of stream) pieces.push(piece)
    return { pieces, error: '' }
  } catch (error) {
    return { pieces, error: error instanceof Error ? error.message : '?' }
  }
}

export const said = (pieces: readonly ChatResponse[]): string =>
  pieces.map(({ message }) => message.content).join('')

export const bodyOf = (upstream: Upstream): Record<string, unknown> =>
  JSON.parse(upstream.seen.at(-1)?.body ?? '{}') as Record<string, unknown> // the shape is ours

export const STREAM = { 'content-type': 'application/x-ndjson' }
export const line = (fields: object): string =>
  `${JSON.stringify({ model: 'up-1', created_at: '2026-01-02T03:04:05.123456789Z', ...fields })}\n`
export const message = (fields: object): string =>
  line({ message: { role: 'assistant', content: '', ...fields }, done: false })
export const FIGURES = { total_duration: 9, eval_count: 4, prompt_eval_count: 7 }
export const LAST = line({
  message: { role: 'assistant', content: '' },
  done: true,
  done_reason: 'stop',
  ...FIGURES,
})

/** Answers as Ollama does: streaming unless told not to. */
export const ollamaOk: Act = (response, { path, body }) => {
  const key = path === '/api/generate' ? 'response' : 'message'
  const text = (content: string): unknown =>
    key === 'response' ? content : { role: 'assistant', content }
  if (body.includes('"stream":false')) {
    return json(response, 200, {
      model: 'up-1',
      created_at: '2026-01-02T03:04:05Z',
      [key]: text('From the lock.'),
      done: true,
      done_reason: 'stop',
      ...FIGURES,
    })
  }
  response.writeHead(200, STREAM)
  response.write(line({ [key]: text('From '), done: false }))
  response.write(line({ [key]: text('the lock.'), done: false }))
  response.end(line({ [key]: text(''), done: true, done_reason: 'stop', ...FIGURES }))
}

/** A configuration whose one destination speaks Ollama's own protocol. */
export const lockConfig = (upstream: Upstream, more = ''): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: lock, dialect: ollama, url: "${new URL(upstream.url).origin}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: up-1}]}
${more}`

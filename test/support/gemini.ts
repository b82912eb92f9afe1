import { GoogleGenAI } from '@google/genai'
import type { TestGateway } from './gateway.ts'
import { json, type Act, type Upstream } from './upstream.ts'

/** The official client, as it comes. */
export const client = (gateway: TestGateway, apiKey = gateway.key): GoogleGenAI =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway.url } })

/** A gateway in front of one Gemini-speaking destination. */
export const geminiConfig = (url: string): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: google, dialect: gemini, url: "${url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: g, upstream: gemini-2.5-flash}]}
`

/** The chunks of one streamed answer, with a field that is not known yet. */
export const CHUNKS = [
  { candidates: [{ content: { parts: [{ text: 'From ' }], role: 'model' }, index: 0 }] },
  {
    candidates: [
      { content: { parts: [{ text: 'Google.' }], role: 'model' }, finishReason: 'STOP', index: 0 },
    ],
    futureField: { a: [1, null] },
  },
].map((chunk) => ({
  ...chunk,
  usageMetadata: {
    promptTokenCount: 7,
    candidatesTokenCount: 3,
    thoughtsTokenCount: 2,
    totalTokenCount: 12,
  },
  modelVersion: 'gemini-2.5-flash',
  responseId: 'resp-1',
}))

/** A chunk as the API frames it. */
export const sse = (chunk: object): string => `data: ${JSON.stringify(chunk)}\r\n\r\n`

/** Answers as the Gemini API does. */
export const answerGemini: Act = (response, { path }) => {
  if (path.includes(':countTokens')) return json(response, 200, { totalTokens: 31 })
  if (!path.includes(':streamGenerateContent')) return json(response, 200, CHUNKS[1])
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const chunk of CHUNKS) response.write(sse(chunk))
  response.end()
}

interface Call {
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** One raw request to the surface. */
export const post = (
  gateway: TestGateway,
  path: string,
  { body, headers }: Call,
): Promise<Response> =>
  fetch(`${gateway.url}/v1beta/models/${path}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': gateway.key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** A body that says this and nothing else. */
export const says = (text: string): object => ({ contents: [{ role: 'user', parts: [{ text }] }] })

export interface GeminiErrorBody {
  readonly error: {
    readonly code: number
    readonly message: string
    readonly status: string
    readonly details: readonly Record<string, unknown>[]
  }
}

/** The error of a refused call. */
export const errorOf = async (response: Response): Promise<GeminiErrorBody['error']> =>
  ((await response.json()) as GeminiErrorBody).error // the shape is what these tests are about

/** What the upstream got last. */
export const sentBody = (upstream: Upstream): unknown =>
  JSON.parse(upstream.seen.at(-1)?.body ?? 'null')

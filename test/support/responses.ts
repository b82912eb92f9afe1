import OpenAI from 'openai'
import type { TestGateway } from './gateway.ts'

/** Asks the Responses surface. */
export const post = (
  gateway: TestGateway,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${gateway.url}/v1/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  })

/** The official client, which asks once. */
export const clientOf = (gateway: TestGateway): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })

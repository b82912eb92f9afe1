import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from '#kernel/refusal.ts'
import type { EmbeddingCore } from './embedding-core.ts'
import type { EngineCore, EnginePorts } from './engine-core.ts'
import { errorBody, statusOf } from './engine-error.ts'
import { WEIGHTS_HEADER } from './exact-weights.ts'

/** What the engine's server is given. */
export interface ServerPorts {
  readonly core: EngineCore
  readonly embeddings: EmbeddingCore
  readonly models: Pick<EnginePorts, 'list' | 'find'>
  readonly newId: () => string
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Process facts for GET /ps. */
  readonly process: () => object
}

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Aborted when the caller leaves before the answer is complete. */
  readonly signal: AbortSignal
}

/** The digest of the weights that the gateway decided for; null where it said none. */
export function weightsOf({ request }: Exchange): string | null {
  const given = request.headers[WEIGHTS_HEADER]
  return typeof given === 'string' ? given : null
}

/** Sends a JSON answer. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  })
  response.end(bytes)
}

/** Refuses in the OpenAI shape; once an answer has begun, cuts it instead. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const seconds = refusal.retryAfterSeconds
  if (seconds !== undefined) response.setHeader('retry-after', String(seconds))
  sendJson(response, statusOf(refusal), errorBody(refusal))
}

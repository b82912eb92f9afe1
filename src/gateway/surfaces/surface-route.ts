import type { FastifyRequest } from 'fastify'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { AnswerNaming } from '#protocols/openai-chat/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { ErrorShape } from './error-shape.ts'

/** One route of the data plane: a method and a path, how its body is read, and how its errors look. */
export interface SurfaceRoute {
  readonly method: 'POST'
  /** As Fastify writes it: `/v1/chat/completions`. */
  readonly url: string
  readonly errors: ErrorShape
  /** Reads the body, strictly parsed already; `request` is for what the path and the query say. */
  readonly read: (
    body: JsonObject,
    naming: AnswerNaming,
    request: FastifyRequest,
  ) => Result<SurfaceRequest, Refusal>
}

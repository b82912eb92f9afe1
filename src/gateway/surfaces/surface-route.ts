import type { FastifyRequest } from 'fastify'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { FormPart } from '#protocols/multipart/form-part.ts'
import type { AnswerNaming } from '#protocols/openai-chat/surface.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { ErrorShape } from './error-shape.ts'

interface RouteTerms {
  readonly method: 'POST'
  /** As Fastify writes it: `/v1/chat/completions`. */
  readonly url: string
  readonly errors: ErrorShape
}

/** Reads a body, strictly parsed already; `request` is for what the path and the query say. */
type ReadBody<Body> = (
  body: Body,
  naming: AnswerNaming,
  request: FastifyRequest,
) => Result<SurfaceRequest, Refusal>

export interface JsonRoute extends RouteTerms {
  readonly takes?: 'json'
  readonly read: ReadBody<JsonObject>
}

export interface FormRoute extends RouteTerms {
  readonly takes: 'form'
  readonly read: ReadBody<readonly FormPart[]>
}

/** One route of the data plane: a method and a path, how its body is read, and how its errors look. */
export type SurfaceRoute = JsonRoute | FormRoute

/** What a form is sent as. */
export const FORM_TYPE = 'multipart/form-data'

/** A body of another type than the route takes. */
export const unsupportedType = (route: SurfaceRoute | undefined): Refusal => ({
  code: 'unsupported-media-type',
  ...(route?.takes === 'form' ? { detail: { accepted: FORM_TYPE } } : {}),
})

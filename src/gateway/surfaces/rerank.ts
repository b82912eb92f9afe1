import { ok } from '#kernel/result.ts'
import { readRerankRequest } from '#protocols/rerank/request.ts'
import { rerankSurface } from '#protocols/rerank/surface.ts'
import { STATUS } from '../refusal-status.ts'
import type { ErrorShape, Told } from './error-shape.ts'
import { openAiError, openAiErrors } from './openai-errors.ts'
import type { JsonRoute, SurfaceRoute } from './surface-route.ts'
import type { Refusal } from '#kernel/refusal.ts'

/** Cohere's errors: the message at the top; `code` is ours. */
const cohereErrors: ErrorShape = {
  status: (refusal) => STATUS[refusal.code],
  body: cohereBody,
  // an answer in one piece is never broken off
  frame: cohereBody,
}

function cohereBody(refusal: Refusal, told: Told): string {
  const { message, param, code } = openAiError(refusal, told.said, told.language)
  return JSON.stringify({ id: told.requestId, message, code, param })
}

const read: JsonRoute['read'] = (body, naming) => {
  const request = readRerankRequest(body)
  return request.ok ? ok(rerankSurface(request.value, naming)) : request
}

/** Documents in the order of their relevance: the paths of Jina and vLLM, and of Cohere. */
export const rerankRoutes: readonly SurfaceRoute[] = [
  { method: 'POST', url: '/v1/rerank', errors: openAiErrors, read },
  { method: 'POST', url: '/v2/rerank', errors: cohereErrors, read },
]

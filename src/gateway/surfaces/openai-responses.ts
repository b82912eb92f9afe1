import { ok } from '#kernel/result.ts'
import { readResponsesRequest } from '#protocols/openai-responses/request.ts'
import { responsesSurface } from '#protocols/openai-responses/surface.ts'
import type { ErrorShape } from './error-shape.ts'
import { responsesErrors, storedStateErrors } from './responses-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** OpenAI Responses, stateless. */
export const openAiResponsesRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/responses',
    errors: responsesErrors,
    read(body, naming) {
      const request = readResponsesRequest(body)
      return request.ok ? ok(responsesSurface(request.value, naming)) : request
    },
  },
]

/** Neighbouring paths of OpenAI that would keep something. */
export const openAiStoredPrefixes: readonly (readonly [string, ErrorShape])[] = [
  'responses',
  'conversations',
  'files',
  'uploads',
  'batches',
  'vector_stores',
].map((name) => [`/v1/${name}`, storedStateErrors(name)])

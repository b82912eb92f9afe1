import { ok } from '#kernel/result.ts'
import { readEmbeddingsRequest } from '#protocols/openai-embeddings/request.ts'
import { embeddingsSurface } from '#protocols/openai-embeddings/surface.ts'
import { openAiErrors } from './openai-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** Texts to vectors. */
export const embeddingsRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/embeddings',
    errors: openAiErrors,
    read(body) {
      const request = readEmbeddingsRequest(body)
      return request.ok ? ok(embeddingsSurface(request.value)) : request
    },
  },
]

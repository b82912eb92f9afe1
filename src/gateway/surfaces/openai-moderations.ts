import { ok } from '#kernel/result.ts'
import { readModerationsRequest } from '#protocols/openai-moderations/request.ts'
import { moderationsSurface } from '#protocols/openai-moderations/surface.ts'
import { openAiErrors } from './openai-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** Verdicts of a moderation model, passed through. */
export const moderationsRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/moderations',
    errors: openAiErrors,
    read(body) {
      const request = readModerationsRequest(body)
      return request.ok ? ok(moderationsSurface(request.value)) : request
    },
  },
]

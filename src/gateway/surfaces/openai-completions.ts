import { ok } from '#kernel/result.ts'
import { readCompletionsRequest } from '#protocols/openai-completions/request.ts'
import { completionsSurface } from '#protocols/openai-completions/surface.ts'
import { openAiErrors } from './openai-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** OpenAI's legacy completions. */
export const openAiCompletionsRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/completions',
    errors: openAiErrors,
    read(body, naming) {
      const request = readCompletionsRequest(body)
      return request.ok ? ok(completionsSurface(request.value, naming)) : request
    },
  },
]

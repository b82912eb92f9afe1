import { readImageRequest, readSpeechRequest } from '#protocols/openai-media/surface.ts'
import { openAiErrors } from './openai-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** Pictures and sounds asked for in words. Those that are sent in (multipart bodies) are not served. */
export const mediaRoutes: readonly SurfaceRoute[] = [
  { method: 'POST', url: '/v1/images/generations', errors: openAiErrors, read: readImageRequest },
  { method: 'POST', url: '/v1/audio/speech', errors: openAiErrors, read: readSpeechRequest },
]

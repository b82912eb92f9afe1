import { FORM_KINDS, readMediaForm } from '#protocols/openai-media/form-request.ts'
import { readImageRequest, readSpeechRequest } from '#protocols/openai-media/surface.ts'
import { openAiErrors } from './openai-errors.ts'
import type { FormRoute, SurfaceRoute } from './surface-route.ts'

/** Pictures and sounds: asked for in words, or sent in as files of a form. */
export const mediaRoutes: readonly SurfaceRoute[] = [
  { method: 'POST', url: '/v1/images/generations', errors: openAiErrors, read: readImageRequest },
  { method: 'POST', url: '/v1/audio/speech', errors: openAiErrors, read: readSpeechRequest },
  ...Object.values(FORM_KINDS).map((kind): FormRoute => ({
    method: 'POST',
    url: `/v1${kind.path}`,
    errors: openAiErrors,
    takes: 'form',
    read: (form) => readMediaForm(form, kind),
  })),
]

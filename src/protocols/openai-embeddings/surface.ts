import type { JsonValue } from '#kernel/canonical-json.ts'
import { err, ok } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { rewriteOf } from '../rewrite.ts'
import { isList } from '../json-body.ts'
import type { SurfaceRequest } from '../surface.ts'
import { readEmbeddingsAnswer } from './answer.ts'
import { bodyParts, isOpaqueDataUrl, type KnownFields } from './body-parts.ts'
import type { EmbeddingsRequest } from './request.ts'
import { serves } from './served-task.ts'
import { wholeReader } from './whole-reader.ts'

const KNOWN: KnownFields = {
  keys: new Set(['model', 'input', 'encoding_format', 'dimensions', 'user']),
  enumerated: { encoding_format: new Set(['float', 'base64']) },
  settings: { dimensions: [1, 65_536] },
  unreadable: (_, value) => isOpaqueDataUrl(value),
}

/** An embeddings request, ready for the pipeline. Only destinations of the same dialect can answer it. */
export const embeddingsSurface = (request: EmbeddingsRequest): SurfaceRequest => ({
  surface: 'openai-embeddings',
  requestedModel: request.model,
  stream: false,
  textParts: () => embeddingsTextParts(request),
  rewrite: rewriteOf(request.body, (body) => embeddingsSurface({ ...request, body })),
  forDestination(dialect, model) {
    if (dialect !== 'openai' || !serves(model, 'embeddings', request.model))
      return err({ code: 'unsupported-parameter', param: 'model' })
    return ok({
      path: '/embeddings',
      headers: {},
      body: { ...request.body, model: model.upstream },
      dropped: [],
      reader: wholeReader((bytes) => readEmbeddingsAnswer(bytes, request)),
    })
  },
})

/** Every text of the request. Tokens are figures of a vocabulary that is not known here: they cannot be read. */
export function embeddingsTextParts(request: EmbeddingsRequest): readonly TextPart[] {
  if (!request.isTokens) return bodyParts(request.body, KNOWN)
  const { input, ...rest } = request.body
  return [...bodyParts(rest, KNOWN), ...unreadable(input)]
}

const unreadable = (input: JsonValue | undefined): readonly TextPart[] =>
  (isList(input) ? input : []).every((item) => typeof item === 'number')
    ? [{ path: 'input', text: '', kind: 'unreadable' }]
    : (isList(input) ? input : []).map((_, index) => ({
        path: `input.${index}`,
        text: '',
        kind: 'unreadable',
      }))

import type { JsonValue } from '#kernel/canonical-json.ts'
import { err, ok } from '#kernel/result.ts'
import { bodyParts, isOpaqueDataUrl, type KnownFields } from '../openai-embeddings/body-parts.ts'
import { rewriteOf } from '../rewrite.ts'
import { serves } from '../openai-embeddings/served-task.ts'
import { wholeReader } from '../openai-embeddings/whole-reader.ts'
import type { SurfaceRequest } from '../surface.ts'
import { readRerankAnswer, type RerankNaming } from './answer.ts'
import { readRerankError } from './error-body.ts'
import { MAX_DOCUMENTS, type RerankRequest } from './request.ts'

/** Fields of a document, or of a query, that stand for a picture or a sound. */
const MEDIA: ReadonlySet<string> = new Set(
  'image image_url images video video_url audio audio_url pdf file'.split(' '),
)

const KNOWN: KnownFields = {
  keys: new Set(
    'model query documents text top_n return_documents max_tokens_per_doc max_chunks_per_doc rank_fields truncate priority'.split(
      ' ',
    ),
  ),
  enumerated: {},
  settings: {
    top_n: [1, MAX_DOCUMENTS],
    max_tokens_per_doc: [1, 1_000_000],
    max_chunks_per_doc: [1, 1_000_000],
    priority: [0, 999],
  },
  unreadable: (name: string, value: JsonValue) =>
    (MEDIA.has(name) && value !== null) || isOpaqueDataUrl(value),
}

/** A rerank request, ready for the pipeline. Only destinations of the OpenAI family can answer it. */
export const rerankSurface = (request: RerankRequest, naming: RerankNaming): SurfaceRequest => ({
  surface: 'rerank',
  requestedModel: request.model,
  stream: false,
  textParts: () => bodyParts(request.body, KNOWN),
  // documents come back as they were given here, whatever was sent
  rewrite: rewriteOf(request.body, (body) =>
    rerankSurface({ ...request, body, isRewritten: true }, naming),
  ),
  forDestination(dialect, model) {
    if (dialect !== 'openai' || !serves(model, 'rerank', request.model))
      return err({ code: 'unsupported-parameter', param: 'model' })
    return ok({
      path: '/rerank',
      headers: {},
      body: { ...request.body, model: model.upstream },
      dropped: [],
      reader: wholeReader((bytes) => readRerankAnswer(bytes, request, naming), readRerankError),
    })
  },
})

import type { JsonObject } from '#kernel/canonical-json.ts'
import type { ServedModel } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { readOpenAiError } from '../openai-chat/read-error.ts'
import { rewriteOf } from '../rewrite.ts'
import { serves } from '../openai-embeddings/served-task.ts'
import { wholeReader } from '../openai-embeddings/whole-reader.ts'
import type { Outgoing, SurfaceRequest } from '../surface.ts'
import { readOpenAiVectors, readOwnVectors } from './embed-answer.ts'
import { textsOf, type OllamaEmbedRequest } from './embed-request.ts'
import { readOllamaError } from './error-body.ts'
import { ollamaTextParts } from './parts.ts'
import { invalid } from './problem.ts'

/** A request for vectors, ready for the pipeline; `elapsed` is a clock that never goes back. */
export const ollamaEmbedSurface = (
  request: OllamaEmbedRequest,
  elapsed: () => Milliseconds,
): SurfaceRequest => ({
  surface: 'ollama-embed',
  requestedModel: request.model,
  stream: false,
  textParts: () => ollamaTextParts(request.body),
  rewrite: rewriteOf(request.body, (body) =>
    ollamaEmbedSurface({ ...request, body, texts: textsOf(body) }, elapsed),
  ),
  forDestination(dialect, model) {
    const isKnown = dialect === 'ollama' || dialect === 'openai'
    if (!isKnown || !serves(model, 'embeddings', request.model))
      return err({ code: 'unsupported-parameter', param: 'model' })
    return dialect === 'ollama' ? ok(own(request, model)) : openAi(request, model, elapsed)
  },
})

const own = (request: OllamaEmbedRequest, model: ServedModel): Outgoing => ({
  path: request.path,
  headers: {},
  body: { ...request.body, model: model.upstream },
  dropped: [],
  reader: wholeReader((bytes) => readOwnVectors(bytes, request), readOllamaError),
})

/** Servers of the other dialect refuse empty texts, and texts that are too long in place of cutting them. */
function openAi(
  request: OllamaEmbedRequest,
  model: ServedModel,
  elapsed: () => Milliseconds,
): Result<Outgoing, Refusal> {
  const { texts, dimensions, path } = request
  if (texts.length === 0 || texts.includes(''))
    return err(invalid(path === '/api/embed' ? 'input' : 'prompt', 'texts that are not empty'))
  const startedAt = elapsed()
  const nanoseconds = (): number => Math.round((elapsed() - startedAt) * 1e6)
  return ok({
    path: '/embeddings',
    headers: {},
    body: {
      model: model.upstream,
      input: texts,
      encoding_format: 'float',
      ...(dimensions === null ? {} : { dimensions }),
    },
    dropped: droppedOf(request.body),
    reader: wholeReader((bytes) => readOpenAiVectors(bytes, request, nanoseconds), readOpenAiError),
  })
}

const SAID: ReadonlySet<string> = new Set(['model', 'input', 'prompt', 'dimensions'])

const droppedOf = (body: JsonObject): readonly string[] =>
  Object.keys(body).filter(
    (name) =>
      !SAID.has(name) &&
      body[name] !== null &&
      // not to cut is what the other dialect does by itself
      !(name === 'truncate' && body[name] === false),
  )

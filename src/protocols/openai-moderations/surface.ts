import type { JsonValue } from '#kernel/canonical-json.ts'
import { err, ok } from '#kernel/result.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { bodyParts, isOpaqueDataUrl, type KnownFields } from '../openai-embeddings/body-parts.ts'
import { rewriteOf } from '../rewrite.ts'
import { serves } from '../openai-embeddings/served-task.ts'
import { wholeReader } from '../openai-embeddings/whole-reader.ts'
import type { SurfaceRequest } from '../surface.ts'
import type { ModerationsRequest } from './request.ts'

const KNOWN: KnownFields = {
  keys: new Set(['model', 'input', 'type', 'text', 'image_url', 'url']),
  enumerated: {},
  settings: {},
  unreadable: (name, value) =>
    // a part of any type but text holds something that is not read here
    (name === 'input' && isObject(value) && value['type'] !== 'text') || isOpaqueDataUrl(value),
}

/** A moderations request, ready for the pipeline: passed through, never judged here. */
export const moderationsSurface = (request: ModerationsRequest): SurfaceRequest => ({
  surface: 'openai-moderations',
  requestedModel: request.model,
  stream: false,
  textParts: () =>
    bodyParts(request.body, KNOWN).filter(({ path, text }) => !isPartType(path, text)),
  rewrite: rewriteOf(request.body, (body) => moderationsSurface({ ...request, body })),
  forDestination(dialect, model) {
    if (dialect !== 'openai' || !serves(model, 'moderations', request.model))
      return err({ code: 'unsupported-parameter', param: 'model' })
    return ok({
      path: '/moderations',
      headers: {},
      body: { ...request.body, model: model.upstream },
      dropped: [],
      reader: wholeReader((bytes) => readModerations(bytes, request.count)),
    })
  },
})

const isPartType = (path: string, text: string): boolean =>
  /^input\.\d+\.type$/.test(path) && (text === 'text' || text === 'image_url')

/** The answer as it is when it holds a verdict per input; null otherwise, for no verdict is not a harmless one. */
function readModerations(
  bytes: Uint8Array,
  count: number,
): { readonly bytes: Uint8Array; readonly usage: Usage } | null {
  const text = decodeUtf8(bytes)
  const body = text === null ? undefined : parseJson(text)
  const results: JsonValue | undefined = isObject(body) ? body['results'] : undefined
  if (!isList(results) || results.length !== count) return null
  return results.every(isVerdict) ? { bytes, usage: NO_USAGE } : null
}

const isVerdict = (result: JsonValue): boolean =>
  isObject(result) && (typeof result['flagged'] === 'boolean' || isObject(result['categories']))

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { NO_USAGE } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { readOpenAiError } from '../openai-chat/read-error.ts'
import { bodyParts, isOpaqueDataUrl, type KnownFields } from '../openai-embeddings/body-parts.ts'
import type { AnswerReader, SurfaceRequest } from '../surface.ts'

/** A kind of media that is asked for in words, and comes back in one piece. */
interface Kind {
  readonly path: string
  /** The field that holds the words. */
  readonly words: string
  readonly known: KnownFields
  /** The answer's content type if its bytes are such an answer; null otherwise. */
  readonly answerType: (bytes: Uint8Array, contentType: string) => string | null
}

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const IMAGE: Kind = {
  path: '/images/generations',
  words: 'prompt',
  known: {
    keys: names(
      'model prompt n size quality style response_format background moderation output_format output_compression partial_images user',
    ),
    enumerated: {
      response_format: names('url b64_json'),
      quality: names('standard hd low medium high auto'),
      style: names('vivid natural'),
    },
    settings: { n: [1, 10], output_compression: [0, 100] },
    unreadable: (_name, value) => isOpaqueDataUrl(value),
  },
  answerType(bytes) {
    const text = decodeUtf8(bytes)
    const answer = text === null ? undefined : parseJson(text)
    return isObject(answer) && isList(answer['data']) ? 'application/json' : null
  },
}

const SPEECH: Kind = {
  path: '/audio/speech',
  words: 'input',
  known: {
    keys: names('model input voice instructions response_format speed stream_format'),
    enumerated: { response_format: names('mp3 opus aac flac wav pcm') },
    settings: { speed: [0.25, 4] },
    unreadable: (_name, value) => isOpaqueDataUrl(value),
  },
  answerType: (bytes, contentType) =>
    bytes.length > 0 && /^(?:audio\/|application\/octet-stream)/.test(contentType)
      ? contentType
      : null,
}

/** `POST /v1/images/generations`, ready for the pipeline: the words are classified, the picture passes through. */
export const readImageRequest = (body: JsonObject): Result<SurfaceRequest, Refusal> =>
  readRequest(body, IMAGE, 'stream')

/** `POST /v1/audio/speech`, ready for the pipeline: the words are classified, the sound passes through. */
export const readSpeechRequest = (body: JsonObject): Result<SurfaceRequest, Refusal> =>
  readRequest(body, SPEECH, 'stream_format')

function readRequest(
  body: JsonObject,
  kind: Kind,
  streaming: 'stream' | 'stream_format',
): Result<SurfaceRequest, Refusal> {
  const { model } = body
  const words = body[kind.words]
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  if (words === undefined) return err({ code: 'missing-field', param: kind.words })
  if (typeof words !== 'string') return invalid(kind.words, 'a text')
  // pieces of a picture or of a sound as events: not passed on yet
  if (asksForPieces(body[streaming]))
    return err({ code: 'unsupported-parameter', param: streaming })
  return ok({
    surface: 'openai-media',
    requestedModel: model,
    stream: false,
    textParts: () => bodyParts(body, kind.known),
    forDestination(dialect, served) {
      const isSure = model !== 'auto' && served.task === undefined
      if (dialect !== 'openai' || !isSure)
        return err({ code: 'unsupported-parameter', param: 'model' })
      return ok({
        path: kind.path,
        headers: {},
        body: { ...body, model: served.upstream },
        dropped: [],
        reader: mediaReader(kind),
      })
    },
  })
}

const asksForPieces = (value: JsonValue | undefined): boolean => value === true || value === 'sse'

function mediaReader(kind: Kind): AnswerReader {
  let contentType = ''
  return {
    streamType: 'application/json',
    isStream(given) {
      contentType = given
      return false
    },
    whole(bytes) {
      const type = kind.answerType(bytes, contentType)
      return type === null ? null : { body: bytes, type }
    },
    step: () => ({ out: '', broken: true }),
    close: () => null,
    usage: () => NO_USAGE,
    readError: readOpenAiError,
  }
}

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

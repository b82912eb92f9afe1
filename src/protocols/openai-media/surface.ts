import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { bodyParts, isOpaqueDataUrl, type KnownFields } from '../openai-embeddings/body-parts.ts'
import type { SurfaceRequest } from '../surface.ts'
import { readPictures, readSound, type ReadMediaAnswer } from './answers.ts'
import { mediaReader } from './media-reader.ts'
import { servesMedia } from './served-media.ts'

/** A kind of media that is asked for in words, and comes back in one piece. */
interface Kind {
  readonly path: string
  /** The field that holds the words. */
  readonly words: string
  readonly known: KnownFields
  readonly readAnswer: ReadMediaAnswer
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
  readAnswer: readPictures,
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
  readAnswer: readSound,
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
    outputBound: () =>
      kind === IMAGE
        ? { tokens: null, count: typeof body['n'] === 'number' ? body['n'] : 1, kind: 'image' }
        : { tokens: null, count: 1, kind: 'speech', characters: words.length },
    forDestination(dialect, served) {
      const possible = servesMedia(dialect, served, model)
      if (!possible.ok) return possible
      return ok({
        path: kind.path,
        headers: {},
        body: { ...body, model: served.upstream },
        dropped: [],
        reader: mediaReader(kind.readAnswer),
      })
    },
  })
}

const asksForPieces = (value: JsonValue | undefined): boolean => value === true || value === 'sse'

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

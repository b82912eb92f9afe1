import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { FormPart } from '../multipart/form-part.ts'
import type { OutputBound, SurfaceRequest } from '../surface.ts'
import { readPictures, readSubtitles, readTranscript, type ReadMediaAnswer } from './answers.ts'
import { formTexts } from './form-texts.ts'
import { mediaReader } from './media-reader.ts'
import { servesMedia } from './served-media.ts'

/** A kind of media that is sent in. */
interface Kind {
  /** Below the destination's base URL. */
  readonly path: string
  /** The file it is about; a list of them is written `name[]`. */
  readonly file: string
  /** A text it cannot do without. */
  readonly words?: string
  /** Whether it can come in pieces. */
  readonly streams: boolean
  readonly readAnswer: (responseFormat: string) => ReadMediaAnswer
}

const SUBTITLES: ReadonlySet<string> = new Set(['text', 'srt', 'vtt'])

const ofFormat = (format: string): ReadMediaAnswer =>
  SUBTITLES.has(format) ? readSubtitles : readTranscript

/** The routes that take a form, by the last part of their path. */
export const FORM_KINDS = {
  transcriptions: {
    path: '/audio/transcriptions',
    file: 'file',
    streams: true,
    readAnswer: ofFormat,
  },
  translations: { path: '/audio/translations', file: 'file', streams: false, readAnswer: ofFormat },
  edits: {
    path: '/images/edits',
    file: 'image',
    words: 'prompt',
    streams: true,
    readAnswer: () => readPictures,
  },
  variations: {
    path: '/images/variations',
    file: 'image',
    streams: false,
    readAnswer: () => readPictures,
  },
} as const satisfies Readonly<Record<string, Kind>>

/** What the gateway itself reads of a form. */
interface Asked {
  readonly model: string
  readonly stream: boolean
  readonly responseFormat: string
}

/** A form with sounds or pictures, ready for the pipeline: its texts are classified, its files pass through. */
export function readMediaForm(
  form: readonly FormPart[],
  kind: Kind,
): Result<SurfaceRequest, Refusal> {
  const asked = readAsked(form, kind)
  if (!asked.ok) return asked
  const { model, stream, responseFormat } = asked.value
  const isSubtitles = SUBTITLES.has(responseFormat) && !stream
  return ok({
    surface: 'openai-media',
    requestedModel: model,
    stream,
    textParts: () => formTexts(form),
    outputBound: () => formBound(form, kind),
    forDestination(dialect, served) {
      const possible = servesMedia(dialect, served, model)
      if (!possible.ok) return possible
      return ok({
        path: kind.path,
        headers: isSubtitles ? { accept: 'text/plain, */*;q=0.5' } : {},
        form: form.map((part) =>
          part.kind === 'field' && part.name === 'model'
            ? { ...part, value: served.upstream }
            : part,
        ),
        dropped: [],
        reader: mediaReader(kind.readAnswer(responseFormat)),
      })
    },
  })
}

function readAsked(form: readonly FormPart[], kind: Kind): Result<Asked, Refusal> {
  const model = only(form, 'model')
  if (!model.ok) return model
  if (model.value === null) return missing('model')
  if (model.value === '') return invalid('model', 'a model name')
  const stream = only(form, 'stream')
  if (!stream.ok) return stream
  const streams = stream.value?.toLowerCase() ?? ''
  if (!['', 'true', 'false'].includes(streams)) return invalid('stream', 'true or false')
  if (streams === 'true' && !kind.streams)
    return err({ code: 'unsupported-parameter', param: 'stream' })
  const format = only(form, 'response_format')
  if (!format.ok) return format
  const { file, words } = kind
  if (!form.some((part) => part.kind === 'file' && isNamed(part.name, file))) return missing(file)
  if (words !== undefined && !form.some((part) => part.kind === 'field' && part.name === words))
    return missing(words)
  return ok({
    model: model.value,
    stream: streams === 'true',
    responseFormat: format.value ?? 'json',
  })
}

/** A text that decides something is given once, so that nobody can read another one than we did. */
function only(form: readonly FormPart[], name: string): Result<string | null, Refusal> {
  const [part, ...others] = form.filter((one) => isNamed(one.name, name))
  if (!part) return ok(null)
  return part.kind === 'field' && part.name === name && others.length === 0
    ? ok(part.value)
    : invalid(name, 'one text')
}

/** `name`, `name[]` or `name[0]`. */
const isNamed = (given: string, name: string): boolean =>
  given === name || (given.startsWith(`${name}[`) && given.endsWith(']'))

const missing = (param: string): Result<never, Refusal> => err({ code: 'missing-field', param })

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

/** Pictures that are asked for, or a transcript. */
function formBound(form: readonly FormPart[], kind: Kind): OutputBound {
  if (kind.path.startsWith('/audio/')) return { tokens: null, count: 1, kind: 'transcript' }
  const asked = form.find((part) => part.kind === 'field' && part.name === 'n')
  const count = asked?.kind === 'field' ? Number(asked.value) : 1
  return {
    tokens: null,
    count: Number.isSafeInteger(count) && count > 0 ? count : 1,
    kind: 'image',
  }
}

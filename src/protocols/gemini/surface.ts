import type { JsonObject } from '#kernel/canonical-json.ts'
import { err } from '#kernel/result.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { conversationSurface } from '../conversation-surface.ts'
import { rewriteOf } from '../rewrite.ts'
import { outputBound } from '../output-bound.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import type { AnswerReader, AnswerWriter, SurfaceRequest } from '../surface.ts'
import { isAnswer, readUsage } from './answer.ts'
import { readGeminiError } from './error-body.ts'
import { countField, field, objectField } from './fields.ts'
import { geminiTextParts } from './parts.ts'
import { geminiPath } from './path.ts'
import type { GeminiRequest } from './request.ts'
import { GEMINI_STREAM_START, geminiStreamIsComplete, geminiStreamStep } from './stream.ts'
import type { GeminiMethod } from './target.ts'
import { geminiToConversation } from './to-conversation.ts'
import { geminiWriter } from './writer.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** A call of the Gemini API, ready for the pipeline. `id` names an answer whose destination gives none. */
export function geminiSurface(request: GeminiRequest, id: string): SurfaceRequest {
  const body = withoutModels(request)
  const { method } = request
  // without `alt=sse` a stream is a JSON list: it is shown when it is whole, so that it never breaks inside
  const inList = method === 'streamGenerateContent' && request.alt === 'json'
  const stream = method === 'streamGenerateContent' && !inList
  const asked: GeminiMethod = inList ? 'generateContent' : method
  return conversationSurface({
    surface: 'gemini-generate',
    requestedModel: request.model,
    stream,
    textParts: () => geminiTextParts(body),
    rewrite: rewriteOf(body, (other) => geminiSurface({ ...request, body: other }, id)),
    isTextless: method === 'countTokens',
    // a count writes nothing
    outputBound: () => (method === 'countTokens' ? { tokens: 0, count: 1 } : outputBound(body)),
    native: {
      dialect: 'gemini',
      outgoing: (upstreamModel) => ({
        path: geminiPath(upstreamModel, asked),
        headers: {},
        body: method === 'countTokens' ? withModel(body, upstreamModel) : body,
        dropped: [],
        reader: method === 'countTokens' ? countReader() : nativeReader(inList),
      }),
    },
    conversation: () =>
      method === 'countTokens'
        ? err({ code: 'unsupported-parameter', param: 'countTokens' })
        : geminiToConversation(body),
    newWriter: () => {
      const writer = geminiWriter({ id, includeThoughts: asksForThoughts(body) })
      return inList ? listed(writer) : writer
    },
  })
}

/** Names of the model are the gateway's business: the destination gets its own. */
function withoutModels({ body, method }: GeminiRequest): JsonObject {
  const { model: _, ...rest } = body
  if (method !== 'countTokens') return rest
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => {
      if (!INNER.has(key) || !isObject(value)) return [key, value]
      const { model: _inner, ...inner } = value
      return [key, inner]
    }),
  )
}

const INNER: ReadonlySet<string> = new Set(['generateContentRequest', 'generate_content_request'])

/** `countTokens` needs the name of the model inside as well. */
function withModel(body: JsonObject, upstreamModel: string): JsonObject {
  const model = upstreamModel.includes('/') ? upstreamModel : `models/${upstreamModel}`
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) =>
      INNER.has(key) && isObject(value) ? [key, { ...value, model }] : [key, value],
    ),
  )
}

function asksForThoughts(body: JsonObject): boolean {
  const config = objectField(body, 'generationConfig') ?? {}
  return field(objectField(config, 'thinkingConfig') ?? {}, 'includeThoughts') === true
}

const listed = (writer: AnswerWriter): AnswerWriter => ({
  ...writer,
  whole: (events) => `[${writer.whole(events)}]`,
})

/** Same dialect on both sides: whole answers and whole frames pass as they are. */
function nativeReader(inList: boolean): AnswerReader {
  let state = GEMINI_STREAM_START
  let whole: Usage = NO_USAGE
  return {
    streamType: 'text/event-stream; charset=utf-8',
    isStream: (contentType) => contentType.startsWith('text/event-stream'),
    whole(bytes) {
      const answer = objectOf(bytes)
      if (!answer || !isAnswer(answer)) return null
      whole = readUsage(answer)
      const body = inList ? Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')]) : bytes
      return { body, type: JSON_TYPE }
    },
    step(text) {
      const [next, out] = geminiStreamStep(state, text)
      state = next
      return { out, broken: next.broken }
    },
    close: () => (geminiStreamIsComplete(state) ? '' : null),
    written: () => state.written,
    usage: () => (whole === NO_USAGE ? state.usage : whole),
    readError: readGeminiError,
  }
}

/** A count is an answer of its own shape, and spends nothing. */
const countReader = (): AnswerReader => ({
  streamType: JSON_TYPE,
  isStream: () => false,
  whole(bytes) {
    const answer = objectOf(bytes)
    const isCount = answer !== null && countField(answer, 'totalTokens') !== null
    return isCount ? { body: bytes, type: JSON_TYPE } : null
  },
  step: () => ({ out: '', broken: true }),
  close: () => null,
  usage: () => NO_USAGE,
  readError: readGeminiError,
})

function objectOf(bytes: Uint8Array): JsonObject | null {
  const text = decodeUtf8(bytes)
  const value = text === null ? undefined : parseJson(text)
  return isObject(value) ? value : null
}

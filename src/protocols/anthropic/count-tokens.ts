import { NO_USAGE } from '../answer-event.ts'
import { err, ok } from '#kernel/result.ts'
import { rewriteOf } from '../rewrite.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import type { AnswerReader, SurfaceRequest } from '../surface.ts'
import { headersFor, type CallerHeaders } from './headers.ts'
import { readAnthropicError } from './error-body.ts'
import { messagesTextParts } from './parts.ts'
import { countOf } from './read-value.ts'
import { messagesBodyFor, type MessagesRequest } from './request.ts'

/**
 * A request for a count of tokens. Only a destination of this dialect counts as its model does; for every other it is
 * refused by name rather than guessed.
 */
export const countTokensSurface = (
  request: MessagesRequest,
  headers: CallerHeaders,
): SurfaceRequest => ({
  surface: 'anthropic-messages',
  requestedModel: request.model,
  stream: false,
  hasNoText: true,
  textParts: () => messagesTextParts(request.body),
  rewrite: rewriteOf(request.body, (body) => countTokensSurface({ ...request, body }, headers)),
  forDestination: (dialect, model) =>
    dialect === 'anthropic'
      ? ok({
          path: '/messages/count_tokens',
          ...headersFor(headers),
          body: messagesBodyFor(request, model.upstream),
          reader: countReader(),
        })
      : err({ code: 'unsupported-parameter', param: 'count_tokens' }),
})

/** Counting uses no tokens of the model, so there is no usage. */
const countReader = (): AnswerReader => ({
  streamType: 'application/json',
  isStream: () => false,
  whole(bytes) {
    const text = decodeUtf8(bytes)
    const answer = text === null ? undefined : parseJson(text)
    if (!isObject(answer) || countOf(answer['input_tokens']) === null) return null
    return { body: bytes, type: 'application/json' }
  },
  step: () => ({ out: '', broken: true }),
  close: () => null,
  usage: () => NO_USAGE,
  readError: readAnthropicError,
})

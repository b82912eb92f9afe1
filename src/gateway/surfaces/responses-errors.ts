import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import { openAiErrorBody } from '#protocols/openai-chat/error-body.ts'
import type { ResponsesWriter } from '#protocols/openai-responses/writer.ts'
import type { ErrorShape } from './error-shape.ts'
import { openAiError, openAiErrors } from './openai-errors.ts'

/** Finds the writer of a stream under way. */
export interface OpenStreams {
  writerOf(requestId: string): ResponsesWriter | null
}

/** Errors of Responses: bodies as on every OpenAI surface; a stream that breaks ends in `response.failed`. */
export const responsesErrors = (streams: OpenStreams): ErrorShape => ({
  ...storedStateErrors('responses'),
  frame(refusal, told) {
    const error = openAiError(refusal, told.said, told.language)
    const { message, param } = error
    const code = error.code ?? refusal.code
    const writer = streams.writerOf(told.requestId)
    if (writer) return writer.failed({ code, message })
    const event = { type: 'error', sequence_number: 0, code, message, param }
    return `event: error\ndata: ${JSON.stringify(event)}\n\n`
  },
})

const WORDINGS: Readonly<Record<Language, (name: string) => string>> = {
  en: (name) =>
    `Nothing is stored here, so \`${name}\` cannot be kept, listed, read or deleted. Send the whole conversation in \`input\` to \`POST /v1/responses\`.`,
  fr: (name) =>
    `Rien n'est conservé ici : \`${name}\` ne peut être ni gardé, ni listé, ni lu, ni supprimé. Envoyez toute la conversation dans \`input\` à \`POST /v1/responses\`.`,
}

/** Paths of OpenAI that would keep something: told by their name, whatever was sent there. */
export const storedStateErrors = (name: string): ErrorShape => ({
  status: (refusal) => (isAboutThePath(refusal, name) ? 404 : openAiErrors.status(refusal)),
  body(refusal, told) {
    if (!isAboutThePath(refusal, name)) return openAiErrors.body(refusal, told)
    const message = WORDINGS[told.language](name)
    return openAiErrorBody({
      message,
      type: 'invalid_request_error',
      param: name,
      code: 'not-found',
    })
  },
  frame: (refusal, told) => openAiErrors.frame(refusal, told),
})

/** A body that was not even looked at says nothing where there is no route; Responses itself reads bodies. */
const isAboutThePath = ({ code }: Refusal, name: string): boolean =>
  code === 'not-found' || (name !== 'responses' && UNREAD.has(code))

const UNREAD: ReadonlySet<RefusalCode> = new Set(['unsupported-media-type', 'malformed-json'])

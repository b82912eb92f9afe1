import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import { openAiErrorBody } from '#protocols/openai-chat/error-body.ts'
import type { ErrorShape } from './error-shape.ts'
import { openAiError, openAiErrors } from './openai-errors.ts'

/** Errors of Responses: bodies as on every OpenAI surface; a stream that breaks ends in `response.failed`. */
export const responsesErrors: ErrorShape = {
  status: (refusal) => storedStateErrors('responses').status(refusal),
  body(refusal, told) {
    if (!asksForState(refusal)) return storedStateErrors('responses').body(refusal, told)
    const error = openAiError(refusal, told.said, told.language)
    const message = STATELESS[told.language](refusal.param)
    return openAiErrorBody({ ...error, message })
  },
  frame(refusal, told, failed) {
    const error = openAiError(refusal, told.said, told.language)
    const { message, param } = error
    const code = error.code ?? refusal.code
    if (failed) return failed({ code, message })
    const event = { type: 'error', sequence_number: 0, code, message, param }
    return `event: error\ndata: ${JSON.stringify(event)}\n\n`
  },
}

type Wording = Readonly<Record<Language, (name: string) => string>>

/** Clients refer to what they believe to be stored unless they are told not to. */
const STATELESS: Wording = {
  en: (name) =>
    `\`${name}\` cannot be honoured, because nothing is stored here. Set \`store: false\` in your client and send the whole conversation in \`input\`.`,
  fr: (name) =>
    `\`${name}\` ne peut être honoré, car rien n'est conservé ici. Réglez \`store: false\` dans votre client et envoyez toute la conversation dans \`input\`.`,
}

const asksForState = (refusal: Refusal): refusal is Refusal & { readonly param: string } =>
  refusal.code === 'unsupported-parameter' && STATE.test(refusal.param ?? '')

const STATE =
  /^(?:previous_response_id|conversation|prompt|store|background)$|\.(?:item_reference|file_id)$/

const NO_PATH: Wording = {
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
    const message = NO_PATH[told.language](name)
    const type = 'invalid_request_error'
    return openAiErrorBody({ message, type, param: name, code: 'not-found' })
  },
  frame: (refusal, told) => openAiErrors.frame(refusal, told),
})

/** A body that was not even looked at says nothing where there is no route; Responses itself reads bodies. */
const isAboutThePath = ({ code }: Refusal, name: string): boolean =>
  code === 'not-found' || (name !== 'responses' && UNREAD.has(code))

const UNREAD: ReadonlySet<RefusalCode> = new Set(['unsupported-media-type', 'malformed-json'])

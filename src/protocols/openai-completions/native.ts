import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isObject } from '../json-body.ts'
import { words } from '../openai-responses/text-walk.ts'
import type { CompletionsRequest } from './request.ts'

/** Fields that a chat request says as well. */
const IN_CHAT = words(
  'model prompt stream stream_options max_tokens temperature top_p seed presence_penalty frequency_penalty stop user store',
)

/** Values with which a field of completions asks for nothing. */
const IDLE: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  suffix: (value) => value === '',
  echo: (value) => value === false,
  best_of: (value) => value === 1,
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  logit_bias: (value) => isObject(value) && Object.keys(value).length === 0,
}

/** Marks with which code models are asked to fill a gap; a chat template around them would break them. */
const INFILL = /<\|?fim[_-]|<｜fim|<SUF>|^\[SUFFIX\]/

/** Names of what the body asks for that a chat request cannot say. */
export const beyondChat = (body: JsonObject): readonly string[] =>
  Object.keys(body).filter((key) => {
    const value = body[key]
    if (IN_CHAT.has(key) || value === null || value === undefined) return false
    return !(Object.hasOwn(IDLE, key) && IDLE[key]?.(value))
  })

/** Whether only a destination that serves true completions can honour this. */
export const needsNative = ({ body, prompt }: CompletionsRequest): boolean =>
  INFILL.test(prompt) || beyondChat(body).length > 0

/** The body as a destination gets it: its own name of the model, and the usage that the ledger needs. */
export function completionsBodyFor(request: CompletionsRequest, upstreamModel: string): JsonObject {
  const { body } = request
  if (!request.stream) return { ...body, model: upstreamModel }
  const options = isObject(body['stream_options']) ? body['stream_options'] : {}
  return { ...body, model: upstreamModel, stream_options: { ...options, include_usage: true } }
}

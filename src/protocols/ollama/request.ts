import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'
import { messageProblem } from './message.ts'
import { invalid, isBase64 } from './problem.ts'

/** What the gateway itself needs to know of a request; all the rest belongs to the destination. */
export interface OllamaRequest {
  readonly model: string
  readonly stream: boolean
  readonly body: JsonObject
}

export const THINK_LEVELS = ['low', 'medium', 'high'] as const

/** Checks a chat body; unknown fields survive untouched. No messages at all ask for the model to be loaded. */
export function readOllamaChat(body: JsonObject): Result<OllamaRequest, Refusal> {
  const { messages, tools } = body
  if (!isAbsent(messages) && !isList(messages)) return refused('messages', 'a list of messages')
  for (const [index, message] of (messages ?? []).entries()) {
    const problem = messageProblem(message, `messages.${index}`)
    if (problem) return err(problem)
  }
  if (!isAbsent(tools) && !isList(tools)) return refused('tools', 'a list of tools')
  for (const [index, tool] of (tools ?? []).entries()) {
    const named = isObject(tool) ? tool['function'] : undefined
    if (!isObject(named) || typeof named['name'] !== 'string') {
      return refused(`tools.${index}`, 'an object with a `function` that has a `name`')
    }
  }
  return readCommon(body)
}

/** Checks a generate body; no prompt at all asks for the model to be loaded. */
export function readOllamaGenerate(body: JsonObject): Result<OllamaRequest, Refusal> {
  for (const name of ['prompt', 'suffix', 'system', 'template'] as const) {
    if (!isAbsent(body[name]) && typeof body[name] !== 'string') return refused(name, 'a string')
  }
  const { raw, context, images } = body
  if (!isAbsent(raw) && typeof raw !== 'boolean') return refused('raw', 'true or false')
  if (!isAbsent(context) && !(isList(context) && context.every(Number.isSafeInteger))) {
    return refused('context', 'a list of whole numbers')
  }
  if (!isAbsent(images) && !(isList(images) && images.every(isBase64))) {
    return refused('images', 'a list of images in base64, without the head of a data URL')
  }
  return readCommon(body)
}

/** The body as a destination of this dialect gets it. */
export const ollamaBodyFor = ({ body }: OllamaRequest, upstreamModel: string): JsonObject => ({
  ...body,
  model: upstreamModel,
})

function readCommon(body: JsonObject): Result<OllamaRequest, Refusal> {
  const { model, stream, format, options, think, keep_alive: keepAlive } = body
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return refused('model', 'a model name')
  if (!isAbsent(stream) && typeof stream !== 'boolean') return refused('stream', 'true or false')
  if (!isAbsent(format) && format !== '' && format !== 'json' && !isObject(format)) {
    return refused('format', '"json" or a JSON schema')
  }
  if (!isAbsent(think) && typeof think !== 'boolean' && !THINK_LEVELS.some((l) => l === think)) {
    return refused('think', `true, false or one of ${THINK_LEVELS.join(', ')}`)
  }
  if (!isAbsent(keepAlive) && typeof keepAlive !== 'string' && typeof keepAlive !== 'number') {
    return refused('keep_alive', 'a duration or a number of seconds')
  }
  if (!isAbsent(options) && !isObject(options)) return refused('options', 'an object')
  const option = optionProblem(options ?? {})
  // this protocol streams unless told not to
  return option ? err(option) : ok({ model, stream: stream !== false, body })
}

/** Options that are read here for destinations of other dialects; all others pass as they are. */
const NUMBERS = [
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'num_predict',
  'presence_penalty',
  'frequency_penalty',
] as const

function optionProblem(options: JsonObject): Refusal | null {
  const wrong = NUMBERS.find(
    (name) => !isAbsent(options[name]) && typeof options[name] !== 'number',
  )
  if (wrong) return invalid(`options.${wrong}`, 'a number')
  const { stop } = options
  const isStop = typeof stop === 'string' || (isList(stop) && stop.every(isString))
  return isAbsent(stop) || isStop ? null : invalid('options.stop', 'a list of strings')
}

const isString = (value: JsonValue): value is string => typeof value === 'string'

const isAbsent = (value: JsonValue | undefined): value is null | undefined =>
  value === undefined || value === null

const refused = (param: string, expected: string): Result<never, Refusal> =>
  err(invalid(param, expected))

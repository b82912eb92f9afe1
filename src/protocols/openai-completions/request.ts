import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'

/** What the gateway itself needs to know of a completion request. */
export interface CompletionsRequest {
  readonly model: string
  readonly prompt: string
  readonly stream: boolean
  /** The caller asked for the usage chunk of a stream. */
  readonly includeUsage: boolean
  readonly body: JsonObject
}

/** Checks the fields that every destination needs; one prompt of text, and no more. */
export function readCompletionsRequest(body: JsonObject): Result<CompletionsRequest, Refusal> {
  const { model, prompt, stream, stream_options: options } = body
  if (model === undefined || model === null) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return invalid('model', 'a model name')
  if (prompt === undefined || prompt === null)
    return err({ code: 'missing-field', param: 'prompt' })
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    return invalid('stream', 'true or false')
  }
  if (options !== undefined && options !== null && !isObject(options)) {
    return invalid('stream_options', 'an object')
  }
  const one = onePrompt(prompt)
  if (!one.ok) return one
  const includeUsage = isObject(options) && options['include_usage'] === true
  return ok({ model, prompt: one.value, stream: stream === true, includeUsage, body })
}

/** Several prompts have several answers, and tokens mean something to one model only: both are refused. */
function onePrompt(prompt: JsonValue): Result<string, Refusal> {
  if (typeof prompt === 'string') return ok(prompt)
  if (!isList(prompt) || prompt.length === 0) return invalid('prompt', 'a string')
  const [first] = prompt
  if (prompt.length === 1 && typeof first === 'string') return ok(first)
  return err({ code: 'unsupported-parameter', param: 'prompt' })
}

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

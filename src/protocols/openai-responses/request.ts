import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'
import { invalidValue, unsupported } from './fields.ts'
import { itemProblem } from './input-problem.ts'

/** A Responses body whose every field is of its kind, and that asks for nothing stored. */
export interface ResponsesRequest {
  readonly model: string
  readonly stream: boolean
  readonly body: JsonObject
}

interface Field {
  readonly expected: string
  readonly is: (value: JsonValue) => boolean
}

const FLAG: Field = { expected: 'true or false', is: (value) => typeof value === 'boolean' }
const NUMBER: Field = { expected: 'a number', is: (value) => typeof value === 'number' }
const TEXT: Field = { expected: 'a string', is: (value) => typeof value === 'string' }
const OBJECT: Field = { expected: 'an object', is: isObject }
const LIST: Field = { expected: 'a list', is: isList }

const FIELDS: Readonly<Record<string, Field>> = {
  stream: FLAG,
  store: FLAG,
  background: FLAG,
  parallel_tool_calls: FLAG,
  temperature: NUMBER,
  top_p: NUMBER,
  max_output_tokens: {
    expected: 'a positive whole number',
    is: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0,
  },
  instructions: TEXT,
  user: TEXT,
  safety_identifier: TEXT,
  tools: LIST,
  include: LIST,
  text: OBJECT,
  reasoning: OBJECT,
  metadata: OBJECT,
  stream_options: OBJECT,
}

/** What asks for a state that this gateway does not keep. */
const STORED: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  previous_response_id: () => true,
  conversation: () => true,
  // a template kept by the provider
  prompt: () => true,
  store: (value) => value === true,
  background: (value) => value === true,
}

/** Checks the fields of a Responses body; stored state is refused by its name. */
export function readResponsesRequest(body: JsonObject): Result<ResponsesRequest, Refusal> {
  const { model, input } = body
  if (model === undefined || model === null) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') return err(invalidValue('model', 'a model name'))
  const wrong = fieldProblem(body) ?? storedProblem(body) ?? inputProblem(input)
  return wrong ? err(wrong) : ok({ model, stream: body['stream'] === true, body })
}

function fieldProblem(body: JsonObject): Refusal | null {
  for (const [name, { expected, is }] of Object.entries(FIELDS)) {
    const value = body[name]
    if (value !== undefined && value !== null && !is(value)) return invalidValue(name, expected)
  }
  return null
}

function storedProblem(body: JsonObject): Refusal | null {
  for (const [name, asks] of Object.entries(STORED)) {
    const value = body[name]
    if (value !== undefined && value !== null && asks(value)) return unsupported(name)
  }
  return null
}

function inputProblem(input: JsonValue | undefined): Refusal | null {
  if (input === undefined || input === null) return { code: 'missing-field', param: 'input' }
  if (typeof input === 'string') return null
  if (!isList(input) || input.length === 0) {
    return invalidValue('input', 'a string or a list of at least one item')
  }
  for (const [index, item] of input.entries()) {
    const problem = itemProblem(item, `input.${index}`)
    if (problem) return problem
  }
  return null
}

import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isObject } from '../json-body.ts'
import { field, objectField, repeated } from './fields.ts'
import type { GeminiTarget } from './target.ts'

/** A call of the Gemini API, checked as far as every destination needs it; unknown fields survive. */
export interface GeminiRequest extends GeminiTarget {
  readonly body: JsonObject
}

/** Roles of a content; absent means the user. */
export const GEMINI_ROLES = ['user', 'model', 'function', 'tool'] as const

/** Checks contents, system instruction, tools and settings; both spellings of every name are read. */
export function readGeminiRequest(
  target: GeminiTarget,
  body: JsonObject,
): Result<GeminiRequest, Refusal> {
  const asked = target.method === 'countTokens' ? objectField(body, 'generateContentRequest') : null
  const found = bodyProblem(asked ?? body, asked ? 'generateContentRequest.' : '')
  return found ? err(found) : ok({ ...target, body })
}

function bodyProblem(body: JsonObject, at: string): Refusal | null {
  const contents = repeated(body, 'contents')
  if (field(body, 'contents') === undefined)
    return { code: 'missing-field', param: `${at}contents` }
  if (contents.length === 0) return problem(`${at}contents`, 'a list of at least one content')
  for (const [index, content] of contents.entries()) {
    const found = contentProblem(content, `${at}contents.${index}`)
    if (found) return found
  }
  const system = field(body, 'systemInstruction')
  if (system !== undefined) {
    const found = contentProblem(system, `${at}systemInstruction`)
    if (found) return found
  }
  for (const name of ['generationConfig', 'toolConfig']) {
    const value = field(body, name)
    if (value !== undefined && !isObject(value)) return problem(`${at}${name}`, 'an object')
  }
  const tool = repeated(body, 'tools').findIndex((one) => !isObject(one))
  return tool === -1 ? null : problem(`${at}tools.${tool}`, 'an object')
}

function contentProblem(content: JsonValue, at: string): Refusal | null {
  if (!isObject(content)) return problem(at, 'an object with `parts`')
  const role = field(content, 'role')
  // a system instruction may carry any role; it means nothing there
  const isSystem = at.endsWith('systemInstruction')
  if (role !== undefined && !isSystem && !GEMINI_ROLES.some((known) => known === role)) {
    return problem(`${at}.role`, `one of ${GEMINI_ROLES.join(', ')}`)
  }
  const parts = repeated(content, 'parts')
  if (parts.length === 0) return { code: 'missing-field', param: `${at}.parts` }
  for (const [index, part] of parts.entries()) {
    const found = partProblem(part, `${at}.parts.${index}`)
    if (found) return found
  }
  return null
}

/** What a field of a part must be, by its name. */
const KINDS: readonly (readonly [string, 'object' | 'string' | 'boolean'])[] = [
  ['text', 'string'],
  ['thought', 'boolean'],
  ['thoughtSignature', 'string'],
  ['inlineData', 'object'],
  ['fileData', 'object'],
  ['functionCall', 'object'],
  ['functionResponse', 'object'],
  ['executableCode', 'object'],
  ['codeExecutionResult', 'object'],
]

function partProblem(part: JsonValue, at: string): Refusal | null {
  if (!isObject(part)) return problem(at, 'an object')
  for (const [name, kind] of KINDS) {
    const value = field(part, name)
    const isKind = kind === 'object' ? isObject(value) : typeof value === kind
    if (value !== undefined && !isKind) return problem(`${at}.${name}`, AN[kind])
  }
  return (
    namedProblem(part, 'functionCall', 'args', at) ??
    namedProblem(part, 'functionResponse', 'response', at) ??
    dataProblem(part, at)
  )
}

const AN = { object: 'an object', string: 'a string', boolean: 'true or false' }

/** A call and a result have a name and an object: never JSON text. */
function namedProblem(
  part: JsonObject,
  name: 'functionCall' | 'functionResponse',
  inner: 'args' | 'response',
  at: string,
): Refusal | null {
  const named = objectField(part, name)
  if (!named) return null
  if (typeof field(named, 'name') !== 'string') {
    return { code: 'missing-field', param: `${at}.${name}.name` }
  }
  const id = field(named, 'id')
  if (id !== undefined && typeof id !== 'string') return problem(`${at}.${name}.id`, AN.string)
  const value = field(named, inner)
  return value === undefined || isObject(value)
    ? null
    : problem(`${at}.${name}.${inner}`, AN.object)
}

function dataProblem(part: JsonObject, at: string): Refusal | null {
  const inline = objectField(part, 'inlineData')
  if (inline && typeof field(inline, 'data') !== 'string') {
    return { code: 'missing-field', param: `${at}.inlineData.data` }
  }
  const file = objectField(part, 'fileData')
  return file && typeof field(file, 'fileUri') !== 'string'
    ? { code: 'missing-field', param: `${at}.fileData.fileUri` }
    : null
}

const problem = (param: string, expected: string): Refusal => ({
  code: 'invalid-value',
  param,
  detail: { expected },
})

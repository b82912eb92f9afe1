import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { OutputFormat, Reasoning, ToolChoice, ToolDefinition } from '../conversation.ts'
import { isObject } from '../json-body.ts'
import {
  camelCase,
  field,
  numberField,
  objectField,
  objects,
  repeated,
  textField,
} from './fields.ts'
import { jsonSchemaOf } from './schema.ts'

const isText = (value: unknown): value is string => typeof value === 'string'

/** Settings that the neutral form says. */
const MAPPED: ReadonlySet<string> = new Set(
  'temperature topP topK maxOutputTokens stopSequences seed presencePenalty frequencyPenalty responseMimeType responseSchema responseJsonSchema candidateCount thinkingConfig responseModalities'.split(
    ' ',
  ),
)

/** Settings without which the answer would be another thing. */
const NEEDED: ReadonlySet<string> = new Set([
  'speechConfig',
  'imageConfig',
  'responseFormat',
  'translationConfig',
])

/** Names of settings that are dropped; refuses those that change what the answer is. */
export function unmappedSettings(config: JsonObject): Result<readonly string[], Refusal> {
  const at = (name: string): Result<never, Refusal> =>
    err({ code: 'unsupported-parameter', param: `generationConfig.${name}` })
  const count = field(config, 'candidateCount')
  if (count !== undefined && count !== 1) return at('candidateCount')
  const modalities = repeated(config, 'responseModalities')
  if (!modalities.every((one) => isText(one) && one.toUpperCase() === 'TEXT')) {
    return at('responseModalities')
  }
  const names = Object.keys(config)
    .filter((key) => field(config, camelCase(key)) !== undefined)
    .map(camelCase)
  const needed = names.find((name) => NEEDED.has(name))
  return needed ? at(needed) : ok(names.filter((name) => !MAPPED.has(name)))
}

export const stopOf = (config: JsonObject): readonly string[] =>
  repeated(config, 'stopSequences').filter(isText)

/** The form of the answer. An enumeration as bare text has no counterpart in other dialects. */
export function outputOf(config: JsonObject): Result<OutputFormat, Refusal> {
  const type = textField(config, 'responseMimeType') ?? 'text/plain'
  if (type !== 'application/json' && type !== 'text/plain') {
    return err({ code: 'unsupported-parameter', param: 'generationConfig.responseMimeType' })
  }
  const own = objectField(config, 'responseSchema')
  const schema = objectField(config, 'responseJsonSchema') ?? (own ? jsonSchemaOf(own) : null)
  if (schema) return ok({ kind: 'schema', name: 'answer', schema, strict: null })
  return ok({ kind: type === 'text/plain' ? 'text' : 'json' })
}

const EFFORTS = { MINIMAL: 'minimal', LOW: 'low', MEDIUM: 'medium', HIGH: 'high' } as const

/** A budget of 0 switches thinking off, -1 leaves it to the model. */
export function reasoningOf(config: JsonObject): Reasoning | null {
  const thinking = objectField(config, 'thinkingConfig')
  if (!thinking) return null
  const level = textField(thinking, 'thinkingLevel')
  const budget = numberField(thinking, 'thinkingBudget')
  if (budget === 0) return { effort: 'none', budgetTokens: null }
  const effort =
    (level === null ? undefined : Object.entries(EFFORTS).find(([k]) => k === level))?.[1] ?? null
  const budgetTokens = budget !== null && budget > 0 ? budget : null
  return effort === null && budgetTokens === null ? null : { effort, budgetTokens }
}

/** Functions that the model may call; the API's own tools are refused by name: no other destination has them. */
export function toolsOf(body: JsonObject): Result<readonly ToolDefinition[], Refusal> {
  const tools = objects(body, 'tools')
  for (const tool of tools) {
    const own = Object.keys(tool).find((key) => camelCase(key) !== 'functionDeclarations')
    if (own !== undefined) {
      const known = OWN_TOOLS.has(camelCase(own)) ? `tools.${camelCase(own)}` : 'tools'
      return err({ code: 'unsupported-parameter', param: known })
    }
  }
  return ok(
    tools
      .flatMap((tool) => objects(tool, 'functionDeclarations'))
      .map((declared) => ({
        name: textField(declared, 'name') ?? '',
        description: textField(declared, 'description'),
        schema: argumentsOf(declared),
        strict: null,
      })),
  )
}

const OWN_TOOLS: ReadonlySet<string> = new Set(
  'googleSearch googleSearchRetrieval codeExecution urlContext fileSearch googleMaps computerUse retrieval mcpServers enterpriseWebSearch'.split(
    ' ',
  ),
)

function argumentsOf(declared: JsonObject): JsonObject {
  const schema = field(declared, 'parametersJsonSchema')
  if (isObject(schema)) return schema
  const own = objectField(declared, 'parameters')
  return own ? jsonSchemaOf(own) : { type: 'object', properties: {} }
}

/** Which tools may and must be called; a list of names leaves only those tools. */
export function choiceOf(
  body: JsonObject,
  tools: readonly ToolDefinition[],
): { readonly choice: ToolChoice | null; readonly tools: readonly ToolDefinition[] } {
  const config = objectField(objectField(body, 'toolConfig') ?? {}, 'functionCallingConfig') ?? {}
  const mode = textField(config, 'mode')
  const names = new Set(repeated(config, 'allowedFunctionNames').filter(isText))
  if (mode === 'NONE') return { choice: { kind: 'none' }, tools }
  if (mode === 'AUTO' || mode === 'VALIDATED') return { choice: { kind: 'auto' }, tools }
  if (mode !== 'ANY') return { choice: null, tools }
  const [only] = names
  if (names.size === 1 && only !== undefined) return { choice: { kind: 'one', name: only }, tools }
  const allowed = names.size > 0 ? tools.filter(({ name }) => names.has(name)) : tools
  return { choice: { kind: 'required' }, tools: allowed }
}

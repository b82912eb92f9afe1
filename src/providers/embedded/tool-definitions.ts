import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A tool that the model may call. */
export interface ToolDefinition {
  readonly name: string
  readonly description: string | null
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Fields
  /** The arguments must follow the schema, not merely be JSON. */
  readonly strict: boolean
}

/** The tools of a request and how they may be used. */
export interface Tools {
  readonly definitions: readonly ToolDefinition[]
  /** `required`: one of them at least must be called. */
  readonly choice: 'auto' | 'required'
  readonly parallel: boolean
}

const MAX_TOOLS = 128
const NAME = /^[\w-]{1,64}$/

/** Reads `tools`, `tool_choice` and `parallel_tool_calls`; null when no tool may be called. */
export function readTools(fields: Fields): Result<Tools | null, Refusal> {
  const { tools, tool_choice: choice, parallel_tool_calls: parallel } = fields
  if (!isNothing(parallel) && typeof parallel !== 'boolean')
    return invalid('parallel_tool_calls', 'true or false')
  if (isNothing(tools) || (Array.isArray(tools) && tools.length === 0))
    return isNothing(choice) || choice === 'none' || choice === 'auto'
      ? ok(null)
      : invalid('tool_choice', 'left out unless there are tools')
  if (!Array.isArray(tools) || tools.length > MAX_TOOLS)
    return invalid('tools', `a list of at most ${MAX_TOOLS} tools`)
  const definitions: ToolDefinition[] = []
  for (const [index, tool] of tools.entries()) {
    const read = readTool(tool, `tools.${index}`)
    if (!read.ok) return read
    if (definitions.some(({ name }) => name === read.value.name))
      return invalid(`tools.${index}.function.name`, 'a name of its own')
    definitions.push(read.value)
  }
  if (choice === 'none') return ok(null)
  const rest = { parallel: parallel !== false }
  if (isNothing(choice) || choice === 'auto') return ok({ definitions, choice: 'auto', ...rest })
  if (choice === 'required') return ok({ definitions, choice, ...rest })
  const named = isFields(choice) && isFields(choice['function']) ? choice['function']['name'] : null
  const one = definitions.filter(({ name }) => name === named)
  return one.length === 1
    ? ok({ definitions: one, choice: 'required', parallel: false })
    : invalid('tool_choice', '`auto`, `none`, `required` or the name of one of the tools')
}

function readTool(tool: unknown, path: string): Result<ToolDefinition, Refusal> {
  if (!isFields(tool)) return invalid(path, 'an object')
  if (tool['type'] !== 'function')
    return err({ code: 'unsupported-parameter', param: `${path}.type` })
  const { function: named } = tool
  if (!isFields(named)) return invalid(`${path}.function`, 'an object')
  const { name, description, parameters, strict } = named
  if (typeof name !== 'string' || !NAME.test(name))
    return invalid(`${path}.function.name`, 'up to 64 letters, digits, `_` or `-`')
  if (!isNothing(description) && typeof description !== 'string')
    return invalid(`${path}.function.description`, 'a string')
  if (!isNothing(parameters) && !isFields(parameters))
    return invalid(`${path}.function.parameters`, 'a JSON Schema')
  if (!isNothing(strict) && typeof strict !== 'boolean')
    return invalid(`${path}.function.strict`, 'true or false')
  return ok({
    name,
    description: typeof description === 'string' ? description : null,
    parameters: isFields(parameters) ? parameters : { type: 'object', properties: {} },
    strict: strict === true,
  })
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isNothing = (value: unknown): value is null | undefined =>
  value === undefined || value === null

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

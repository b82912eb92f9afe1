import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ToolChoice, ToolDefinition } from '../conversation.ts'
import { isList, isObject } from '../json-body.ts'
import { flagOf, invalidValue, textOf, unsupported } from './fields.ts'
import { words } from './text-walk.ts'

/** Tools that the provider itself would run, or that take no JSON. */
const BUILT_IN = words(
  'web_search web_search_preview file_search code_interpreter computer computer_use computer_use_preview image_generation local_shell shell apply_patch mcp custom namespace tool_search programmatic_tool_calling',
)

/** A date may follow the name of a built-in tool. */
const VERSION = /_(\d{4}_\d{2}_\d{2}|\d{8})$/

/** The name of a kind of tool, without its date; empty where there is none. */
export const toolName = (type: JsonValue | undefined): string =>
  typeof type === 'string' ? type.replace(VERSION, '') : ''

/** The refusal of a tool that is no function: by its name where that is one of the protocol, never by the caller's words. */
export function refusedTool(type: JsonValue | undefined, path: string): Refusal {
  const name = toolName(type)
  return BUILT_IN.has(name) ? unsupported(`${path}.${name}`) : unsupported(`${path}.type`)
}

/** The function tools of a body; any other tool is refused by name. */
export function toolsOf(tools: JsonValue | undefined): Result<readonly ToolDefinition[], Refusal> {
  const found: ToolDefinition[] = []
  for (const [index, tool] of (isList(tools) ? tools : []).entries()) {
    const path = `tools.${index}`
    if (!isObject(tool)) return err(invalidValue(path, 'an object with a `type`'))
    if (tool['type'] !== 'function') return err(refusedTool(tool['type'], path))
    const name = textOf(tool['name'])
    if (name === null) return err({ code: 'missing-field', param: `${path}.name` })
    const { parameters } = tool
    found.push({
      name,
      description: textOf(tool['description']),
      schema: isObject(parameters) ? parameters : { type: 'object', properties: {} },
      strict: flagOf(tool['strict']),
    })
  }
  return ok(found)
}

/** Which tools the model may or must call, and what is left of the tools. */
export interface Choice {
  readonly choice: ToolChoice | null
  readonly tools: readonly ToolDefinition[]
}

/** `allowed_tools` is the same as sending only those. */
export function choiceOf(
  choice: JsonValue | undefined,
  tools: readonly ToolDefinition[],
): Result<Choice, Refusal> {
  if (choice === undefined || choice === null) return ok({ choice: null, tools })
  if (choice === 'auto' || choice === 'none' || choice === 'required') {
    return ok({ choice: { kind: choice }, tools })
  }
  if (!isObject(choice)) return err(invalidValue('tool_choice', 'auto, none, required or a tool'))
  if (choice['type'] === 'allowed_tools') return allowedTools(choice, tools)
  if (choice['type'] !== 'function') return err(refusedTool(choice['type'], 'tool_choice'))
  const name = textOf(choice['name'])
  if (name === null) return err({ code: 'missing-field', param: 'tool_choice.name' })
  return ok({ choice: { kind: 'one', name }, tools })
}

function allowedTools(
  choice: JsonObject,
  tools: readonly ToolDefinition[],
): Result<Choice, Refusal> {
  const { mode, tools: listed } = choice
  if (mode !== 'auto' && mode !== 'required') {
    return err(invalidValue('tool_choice.mode', 'auto or required'))
  }
  if (!isList(listed)) return err(invalidValue('tool_choice.tools', 'a list'))
  const names = new Set<string>()
  for (const [index, tool] of listed.entries()) {
    const type = isObject(tool) ? tool['type'] : null
    if (type !== 'function') return err(refusedTool(type, `tool_choice.tools.${index}`))
    const name = isObject(tool) ? textOf(tool['name']) : null
    if (name !== null) names.add(name)
  }
  return ok({ choice: { kind: mode }, tools: tools.filter((tool) => names.has(tool.name)) })
}

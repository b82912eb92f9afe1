import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from '../json-body.ts'
import type { ResponsesRequest } from './request.ts'
import { words } from './text-walk.ts'
import { toolName } from './tools.ts'

/**
 * Tools that the caller runs, and the search that a destination answers for itself. All others reach a server that the
 * verdict does not know of, or a state that the destination keeps.
 */
const INSIDE = words(
  'function custom local_shell apply_patch computer computer_use computer_use_preview web_search web_search_preview',
)

/** Whether all that a body asks for stays at the destination that it is sent to. */
export const staysInside = ({ tools }: JsonObject): boolean =>
  !isList(tools) || tools.every(isInside)

function isInside(tool: JsonValue): boolean {
  if (!isObject(tool)) return false
  const { type, tools } = tool
  if (type === 'namespace') return isList(tools) && tools.every(isInside)
  return INSIDE.has(toolName(type))
}

/** The body as a destination that serves Responses itself gets it: with its own name of the model, and nothing kept there. */
export const responsesBodyFor = (
  { body }: ResponsesRequest,
  upstreamModel: string,
): JsonObject => ({
  ...body,
  model: upstreamModel,
  // what is not said there means true
  store: false,
})

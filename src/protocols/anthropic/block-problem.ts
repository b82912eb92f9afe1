import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { isList, isObject } from '../json-body.ts'

/** What is wrong with the content of a message or of a tool result: a string, or a list of blocks. */
export function contentProblem(content: JsonValue, path: string): Refusal | null {
  if (typeof content === 'string') return null
  if (!isList(content)) return problem(path, 'a string or a list of content blocks')
  for (const [index, block] of content.entries()) {
    const found = blockProblem(block, `${path}.${index}`)
    if (found) return found
  }
  return null
}

/** What is wrong with one content block. Blocks of a type we do not know are the destination's business. */
export function blockProblem(block: JsonValue, path: string): Refusal | null {
  if (!isObject(block) || typeof block['type'] !== 'string') {
    return problem(path, 'an object with a `type`')
  }
  switch (block['type']) {
    case 'text':
      return needs(block, path, 'text', isText)
    case 'thinking':
      return needs(block, path, 'thinking', isText)
    case 'image':
    case 'document':
      return needs(block, path, 'source', isObject)
    case 'tool_use':
      return (
        needs(block, path, 'id', isText) ??
        needs(block, path, 'name', isText) ??
        needs(block, path, 'input', isObject)
      )
    case 'tool_result':
      return needs(block, path, 'tool_use_id', isText) ?? resultProblem(block, path)
    default:
      return null
  }
}

/** A field that has not the shape that `expected` says. */
export const problem = (param: string, expected: string): Refusal => ({
  code: 'invalid-value',
  param,
  detail: { expected },
})

function resultProblem({ content }: JsonObject, path: string): Refusal | null {
  return content === undefined || content === null
    ? null
    : contentProblem(content, `${path}.content`)
}

function needs(
  block: JsonObject,
  path: string,
  name: string,
  fits: (value: JsonValue | undefined) => boolean,
): Refusal | null {
  if (block[name] === undefined) return { code: 'missing-field', param: `${path}.${name}` }
  return fits(block[name])
    ? null
    : problem(`${path}.${name}`, fits === isText ? 'a string' : 'an object')
}

const isText = (value: JsonValue | undefined): boolean => typeof value === 'string'

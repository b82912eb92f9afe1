import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { isList, isObject } from '../json-body.ts'
import { invalidValue, unsupported } from './fields.ts'

const ROLES = ['system', 'developer', 'user', 'assistant'] as const

/** The type of an input item: a role alone makes a message, an id alone a reference. */
export function itemType(item: JsonObject): string | null {
  const { type, role, id } = item
  if (typeof type === 'string') return type
  if (type !== undefined && type !== null) return null
  if (typeof role === 'string') return 'message'
  return typeof id === 'string' ? 'item_reference' : null
}

/** What is wrong with one input item, or null. Types that are not known here are left to who could carry them. */
export function itemProblem(item: JsonValue, path: string): Refusal | null {
  const type = isObject(item) ? itemType(item) : null
  if (!isObject(item) || type === null) return invalidValue(path, 'an object with a `type`')
  switch (type) {
    case 'message':
      return messageProblem(item, path)
    case 'function_call':
      return textProblem(item, path, ['call_id', 'name', 'arguments'])
    case 'function_call_output':
      return (
        textProblem(item, path, ['call_id']) ?? contentProblem(item['output'], `${path}.output`)
      )
    case 'item_reference':
      // the item itself would be kept by somebody else
      return unsupported(`${path}.item_reference`)
    default:
      return null
  }
}

function messageProblem(item: JsonObject, path: string): Refusal | null {
  if (!ROLES.some((role) => role === item['role'])) {
    return invalidValue(`${path}.role`, `one of ${ROLES.join(', ')}`)
  }
  return contentProblem(item['content'], `${path}.content`)
}

function textProblem(item: JsonObject, path: string, names: readonly string[]): Refusal | null {
  for (const name of names) {
    const param = `${path}.${name}`
    if (item[name] === undefined) return { code: 'missing-field', param }
    if (typeof item[name] !== 'string') return invalidValue(param, 'a string')
  }
  return null
}

function contentProblem(content: JsonValue | undefined, path: string): Refusal | null {
  if (content === undefined) return { code: 'missing-field', param: path }
  if (typeof content === 'string') return null
  if (!isList(content)) return invalidValue(path, 'a string or a list of parts')
  for (const [index, part] of content.entries()) {
    const at = `${path}.${index}`
    if (!isObject(part) || typeof part['type'] !== 'string') {
      return invalidValue(at, 'an object with a `type`')
    }
    if (TEXT_PARTS.has(part['type']) && typeof part['text'] !== 'string') {
      return invalidValue(`${at}.text`, 'a string')
    }
    // files that were uploaded are stored state
    if (typeof part['file_id'] === 'string') return unsupported(`${at}.file_id`)
  }
  return null
}

const TEXT_PARTS: ReadonlySet<string> = new Set(['input_text', 'output_text'])

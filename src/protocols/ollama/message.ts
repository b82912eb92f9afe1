import type { JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { isList, isObject } from '../json-body.ts'
import { invalid, isBase64 } from './problem.ts'

export const OLLAMA_ROLES = ['system', 'user', 'assistant', 'tool'] as const

/** What is wrong with a message of a chat, or null. */
export function messageProblem(message: JsonValue, path: string): Refusal | null {
  if (!isObject(message)) return invalid(path, 'an object with `role` and `content`')
  const { role, content, images, tool_calls: calls } = message
  if (role === undefined) return { code: 'missing-field', param: `${path}.role` }
  if (!OLLAMA_ROLES.some((known) => known === role)) {
    return invalid(`${path}.role`, `one of ${OLLAMA_ROLES.join(', ')}`)
  }
  if (content !== undefined && content !== null && typeof content !== 'string') {
    return invalid(`${path}.content`, 'a string')
  }
  if (images !== undefined && images !== null && !(isList(images) && images.every(isBase64))) {
    return invalid(`${path}.images`, 'a list of images in base64, without the head of a data URL')
  }
  if (calls === undefined || calls === null) return null
  if (!isList(calls)) return invalid(`${path}.tool_calls`, 'a list of tool calls')
  const wrong = calls.findIndex((call) => !isCall(call))
  return wrong === -1
    ? null
    : invalid(
        `${path}.tool_calls.${wrong}.function`,
        'an object with a `name` and `arguments`, which is an object too',
      )
}

function isCall(call: JsonValue): boolean {
  const called = isObject(call) ? call['function'] : undefined
  if (!isObject(called) || typeof called['name'] !== 'string') return false
  const given = called['arguments']
  return given === undefined || given === null || isObject(given)
}

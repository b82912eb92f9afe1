import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  // The newer name of the same role; chat templates know only the older one.
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
}

/** Keys of an assistant message replayed as it was received: accepted when they carry nothing. */
const EMPTY_WHEN_REPLAYED = new Set([
  'refusal',
  'annotations',
  'tool_calls',
  'function_call',
  'audio',
  'name',
])

/** Reads `messages`: text only, as a string or as text parts (joined). Anything else is refused with its path. */
export function readMessages(value: unknown): Result<readonly ChatMessage[], Refusal> {
  if (value === undefined) return err({ code: 'missing-field', param: 'messages' })
  if (!Array.isArray(value) || value.length === 0) {
    return invalid('messages', 'a non-empty list of messages')
  }
  const messages: ChatMessage[] = []
  for (const [index, entry] of value.entries()) {
    const message = readMessage(entry, `messages.${index}`)
    if (!message.ok) return message
    messages.push(message.value)
  }
  return ok(messages)
}

function readMessage(entry: unknown, path: string): Result<ChatMessage, Refusal> {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    return invalid(path, 'an object')
  }
  const fields = entry as Readonly<Record<string, unknown>>
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'role' || name === 'content') continue
    if (EMPTY_WHEN_REPLAYED.has(name) && isNothing(value)) continue
    const shown = /^[\w-]{1,64}$/.test(name) ? name : 'unknown field'
    return err({ code: 'unsupported-parameter', param: `${path}.${shown}` })
  }
  const given = fields['role']
  const role = typeof given === 'string' && Object.hasOwn(ROLES, given) ? ROLES[given] : undefined
  if (role === undefined) {
    if (given === 'tool' || given === 'function') {
      return err({ code: 'unsupported-parameter', param: `${path}.role` })
    }
    return invalid(`${path}.role`, 'system, developer, user or assistant')
  }
  const content = readContent(fields['content'], `${path}.content`)
  return content.ok ? ok({ role, content: content.value }) : content
}

function readContent(value: unknown, path: string): Result<string, Refusal> {
  if (typeof value === 'string') return ok(value)
  if (value === undefined || value === null) return err({ code: 'missing-field', param: path })
  if (!Array.isArray(value)) return invalid(path, 'a string or a list of text parts')
  const texts: string[] = []
  for (const [index, part] of value.entries()) {
    if (typeof part !== 'object' || part === null || !('type' in part)) {
      return invalid(`${path}.${index}`, 'a content part')
    }
    if (part.type !== 'text') {
      return err({ code: 'unsupported-parameter', param: `${path}.${index}.type` })
    }
    if (!('text' in part) || typeof part.text !== 'string') {
      return invalid(`${path}.${index}.text`, 'a string')
    }
    texts.push(part.text)
  }
  return ok(texts.join(''))
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })

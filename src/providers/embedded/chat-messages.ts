import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { isFields, type Fields } from './tool-definitions.ts'

/** A call that the model made in an earlier turn. */
export interface PastCall {
  readonly id: string
  readonly name: string
  readonly arguments: Fields
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  /** Of an assistant's turn; absent when there are none. */
  readonly calls?: readonly PastCall[]
  /** Of a tool's answer: the call that it answers. */
  readonly callId?: string
}

const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  // The newer name of the same role; chat templates know only the older one.
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
}

/** Keys of an assistant message replayed as it was received: accepted when they carry nothing. */
const EMPTY_WHEN_REPLAYED = new Set(['refusal', 'annotations', 'function_call', 'audio', 'name'])

/** Reads `messages`: text and calls of tools; text as a string or as text parts (joined). Anything else is refused with its path. */
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
    if (name === 'tool_calls' && fields['role'] === 'assistant') continue
    if (name === 'tool_call_id' && fields['role'] === 'tool') continue
    // some clients repeat the name of the tool beside its answer
    if (name === 'name' && fields['role'] === 'tool') continue
    if (EMPTY_WHEN_REPLAYED.has(name) && isNothing(value)) continue
    const shown = /^[\w-]{1,64}$/.test(name) ? name : 'unknown field'
    return err({ code: 'unsupported-parameter', param: `${path}.${shown}` })
  }
  const given = fields['role']
  const role = typeof given === 'string' && Object.hasOwn(ROLES, given) ? ROLES[given] : undefined
  if (role === undefined) {
    if (given === 'function') {
      return err({ code: 'unsupported-parameter', param: `${path}.role` })
    }
    return invalid(`${path}.role`, 'system, developer, user, assistant or tool')
  }
  const calls = readPastCalls(fields['tool_calls'], `${path}.tool_calls`)
  if (!calls.ok) return calls
  const isSilent = isNothing(fields['content']) && calls.value.length > 0
  const content = isSilent ? ok('') : readContent(fields['content'], `${path}.content`)
  if (!content.ok) return content
  if (role !== 'tool') {
    const made = calls.value.length > 0 ? { calls: calls.value } : {}
    return ok({ role, content: content.value, ...made })
  }
  const callId = fields['tool_call_id']
  return typeof callId === 'string'
    ? ok({ role, content: content.value, callId })
    : err({ code: 'missing-field', param: `${path}.tool_call_id` })
}

function readPastCalls(value: unknown, path: string): Result<readonly PastCall[], Refusal> {
  if (isNothing(value)) return ok([])
  if (!Array.isArray(value)) return invalid(path, 'a list of calls')
  const calls: PastCall[] = []
  for (const [index, call] of value.entries()) {
    const named = isFields(call) ? call['function'] : null
    if (!isFields(call) || !isFields(named))
      return invalid(`${path}.${index}`, 'a call of a function')
    const { name, arguments: given } = named
    if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name))
      return invalid(`${path}.${index}.function.name`, 'the name of a tool')
    const read = typeof given === 'string' ? objectOf(given) : null
    if (read === null)
      return invalid(`${path}.${index}.function.arguments`, 'the JSON text of an object')
    calls.push({ id: typeof call['id'] === 'string' ? call['id'] : '', name, arguments: read })
  }
  return ok(calls)
}

function objectOf(json: string): Fields | null {
  try {
    const value: unknown = JSON.parse(json === '' ? '{}' : json)
    return isFields(value) ? value : null
  } catch {
    return null
  }
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

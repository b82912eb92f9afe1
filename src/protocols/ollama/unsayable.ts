import type { Refusal } from '#kernel/refusal.ts'
import type { Conversation, TurnPart } from '../conversation.ts'
import { parseExactObject } from './exact-json.ts'

/** What of a conversation cannot be put to an Ollama server without changing its meaning, by name; null when all can. */
export function unsayable({ turns, system, tools, toolChoice }: Conversation): Refusal | null {
  // an empty list would ask the server to load the model and say nothing
  if (turns.length === 0) return { code: 'missing-field', param: 'messages' }
  const forced = toolChoice?.kind === 'required' || toolChoice?.kind === 'one'
  if (forced && tools.length > 0) return { code: 'unsupported-parameter', param: 'tool_choice' }
  for (const part of [...system, ...turns.flatMap(({ parts }) => parts)]) {
    const refusal = partProblem(part)
    if (refusal) return refusal
  }
  return null
}

function partProblem(part: TurnPart): Refusal | null {
  if (part.kind === 'other') {
    return { code: 'unsupported-parameter', param: PLAIN_NAME.test(part.what) ? part.what : 'part' }
  }
  // images travel as bytes only, and an address is never fetched from here
  if (part.kind === 'image' && part.data === null) {
    return { code: 'unsupported-parameter', param: 'image_url' }
  }
  if (part.kind === 'tool-call' && argumentsOf(part.arguments) === null) {
    const detail = { expected: 'tool calls whose arguments are a JSON object' }
    return { code: 'invalid-value', param: 'messages', detail }
  }
  return part.kind === 'tool-result'
    ? (part.parts.map(partProblem).find((found) => found !== null) ?? null)
    : null
}

/** The caller's own word, shown only when it is short and plain. */
const PLAIN_NAME = /^[\w.-]{1,64}$/

/** Arguments of a call as the object that this protocol has for them, or null. */
export const argumentsOf = (text: string): ReturnType<typeof parseExactObject> =>
  text.trim() === '' ? {} : parseExactObject(text)

import type { JsonObject } from '#kernel/canonical-json.ts'
import type { ContentPart, Turn, TurnPart } from '../conversation.ts'
import { field, objectField, objects, textField } from './fields.ts'
import { inlineText } from './inline-text.ts'

/** A call that waits for its result. */
interface Pending {
  readonly id: string
  readonly name: string
}

/** The contents as turns; calls get the ids that the API lets callers leave out, and results find their calls by name. */
export function turnsOf(contents: readonly JsonObject[]): readonly Turn[] {
  const pending: Pending[] = []
  let calls = 0
  const newId = (): string => `call_${(calls += 1)}`
  const turns: { role: Turn['role']; parts: TurnPart[] }[] = []
  for (const content of contents) {
    const role = field(content, 'role') === 'model' ? 'assistant' : 'user'
    const parts = joinThoughts(
      objects(content, 'parts').flatMap((part) => turnPart(part, pending, newId)),
    )
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else turns.push({ role, parts: [...parts] })
  }
  return turns
}

/** What a system instruction says. */
export const systemOf = (instruction: JsonObject | null): readonly ContentPart[] =>
  instruction ? objects(instruction, 'parts').flatMap(contentPart) : []

function turnPart(part: JsonObject, pending: Pending[], newId: () => string): readonly TurnPart[] {
  const call = objectField(part, 'functionCall')
  if (call) {
    const name = textField(call, 'name') ?? ''
    const id = textField(call, 'id') || newId()
    pending.push({ id, name })
    const args = JSON.stringify(objectField(call, 'args') ?? {})
    return [{ kind: 'tool-call', id, name, arguments: args }]
  }
  const response = objectField(part, 'functionResponse')
  if (response) return [resultOf(response, pending, newId)]
  if (field(part, 'thought') === true) {
    const signature = textField(part, 'thoughtSignature')
    return [{ kind: 'reasoning', text: textField(part, 'text') ?? '', signature }]
  }
  return contentPart(part)
}

/** A result without an id answers the oldest open call of its name. */
function resultOf(response: JsonObject, pending: Pending[], newId: () => string): TurnPart {
  const given = textField(response, 'id') || null
  const name = textField(response, 'name')
  const at = pending.findIndex((call) => (given === null ? call.name === name : call.id === given))
  const [call] = at === -1 ? [] : pending.splice(at, 1)
  const { text, isError } = saidBy(objectField(response, 'response') ?? {})
  return {
    kind: 'tool-result',
    callId: call?.id ?? given ?? newId(),
    parts: [{ kind: 'text', text }, ...objects(response, 'parts').flatMap(contentPart)],
    isError,
  }
}

/** `output` and `error` are the API's own keys; any other object is the result itself. */
function saidBy(response: JsonObject): { text: string; isError: boolean } {
  const [key, ...others] = Object.keys(response)
  const isError = key === 'error' && others.length === 0
  if ((key !== 'output' && !isError) || others.length > 0) {
    return { text: JSON.stringify(response), isError: false }
  }
  const said = response[key]
  return { text: typeof said === 'string' ? said : JSON.stringify(said ?? null), isError }
}

function contentPart(part: JsonObject): readonly ContentPart[] {
  const text = textField(part, 'text')
  if (text !== null) return text === '' ? [] : [{ kind: 'text', text }]
  const inline = objectField(part, 'inlineData')
  if (inline) return [inlinePart(inline)]
  const file = objectField(part, 'fileData')
  if (file) return [filePart(file)]
  const what = Object.keys(part).find((key) => !SAYS_NOTHING.has(key))
  return what === undefined ? [] : [{ kind: 'other', what }]
}

/** A part of nothing but these is no content. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'thought',
  'thoughtSignature',
  'thought_signature',
])

function inlinePart(inline: JsonObject): ContentPart {
  const text = inlineText(inline)
  if (text !== null) return { kind: 'text', text }
  const mediaType = textField(inline, 'mimeType') ?? ''
  return mediaType.startsWith('image/')
    ? { kind: 'image', mediaType, data: textField(inline, 'data'), url: null }
    : { kind: 'other', what: 'inlineData' }
}

/** Files kept at Google mean nothing elsewhere; a public image can be shown by its address. */
function filePart(file: JsonObject): ContentPart {
  const url = textField(file, 'fileUri') ?? ''
  const mediaType = textField(file, 'mimeType')
  const isKeptAtGoogle = url.startsWith('https://generativelanguage.googleapis.com/')
  return mediaType?.startsWith('image/') && url.startsWith('https://') && !isKeptAtGoogle
    ? { kind: 'image', mediaType, data: null, url }
    : { kind: 'other', what: 'fileData' }
}

/** Streamed thoughts come back in pieces, the signature last: one thought in the neutral form. */
function joinThoughts(parts: readonly TurnPart[]): readonly TurnPart[] {
  const out: TurnPart[] = []
  for (const part of parts) {
    const last = out.at(-1)
    if (part.kind === 'reasoning' && last?.kind === 'reasoning' && last.signature === null) {
      out[out.length - 1] = { ...last, text: last.text + part.text, signature: part.signature }
    } else out.push(part)
  }
  return out
}

import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ContentPart, Turn, TurnPart } from '../conversation.ts'
import { parseJsonBody } from '../json-body.ts'

/** Depth of the arguments of one call; bodies are bounded before. */
const ARGUMENTS_DEPTH = 200

/** Models from 3 on refuse calls without their own signature. */
const CHECKS_SIGNATURES = /gemini-(?:[3-9]|[1-9]\d)/

/** What the API takes in place of a signature for calls that another model made (Gemini API, thought signatures). */
const NO_SIGNATURE = { thoughtSignature: 'skip_thought_signature_validator' }

interface Context {
  /** Names of the calls so far, by id: results are told by name. */
  readonly names: Map<string, string>
  readonly dropped: string[]
  readonly signed: JsonObject
}

/** The system texts, or nothing. */
export function systemInstruction(system: readonly ContentPart[], dropped: string[]): JsonObject {
  const parts = system.flatMap((part) => contentOf(part, dropped))
  return parts.length > 0 ? { systemInstruction: { parts } } : {}
}

/** The turns as contents; refused where the arguments of a call are no JSON object, which the API cannot say. */
export function contentsOf(
  turns: readonly Turn[],
  model: string,
  dropped: string[],
): Result<readonly JsonObject[], Refusal> {
  const signed = CHECKS_SIGNATURES.test(model) ? NO_SIGNATURE : {}
  const context: Context = { names: new Map(), dropped, signed }
  const contents: JsonObject[] = []
  for (const turn of turns) {
    const parts: JsonObject[] = []
    for (const part of turn.parts) {
      const told = partsOf(part, context)
      if (!told.ok) return told
      parts.push(...told.value)
    }
    const role = turn.role === 'assistant' ? 'model' : 'user'
    // the API refuses a content without parts
    if (parts.length > 0) contents.push({ role, parts })
  }
  return ok(contents)
}

function partsOf(part: TurnPart, context: Context): Result<readonly JsonObject[], Refusal> {
  switch (part.kind) {
    case 'tool-call': {
      context.names.set(part.id, part.name)
      const args = argumentsOf(part.arguments)
      if (!args.ok) return args
      const functionCall = { id: part.id, name: part.name, args: args.value }
      return ok([{ functionCall, ...context.signed }])
    }
    case 'tool-result':
      return ok(resultOf(part, context))
    case 'reasoning':
      // thoughts and signatures of another provider are refused, and ours cannot be told apart from them
      context.dropped.push('reasoning')
      return ok([])
    case 'refusal':
      return ok([{ text: part.text }])
    case 'text':
    case 'image':
    case 'other':
      return ok(contentOf(part, context.dropped))
  }
}

function argumentsOf(text: string): Result<JsonObject, Refusal> {
  const read = parseJsonBody(Buffer.from(text.trim() || '{}'), ARGUMENTS_DEPTH)
  if (read.ok || read.error.code !== 'malformed-json') return read
  const detail = { expected: 'a JSON object' }
  return err({ code: 'invalid-value', param: 'tool_calls.arguments', detail })
}

/** The texts are the result; what it shows besides stands next to it. */
function resultOf(
  part: Extract<TurnPart, { kind: 'tool-result' }>,
  { names, dropped }: Context,
): readonly JsonObject[] {
  const text = part.parts.flatMap((inner) => (inner.kind === 'text' ? [inner.text] : [])).join('\n')
  const shown = part.parts.filter(({ kind }) => kind !== 'text')
  const functionResponse = {
    id: part.callId,
    name: names.get(part.callId) ?? part.callId,
    response: part.isError ? { error: text } : { output: text },
  }
  return [{ functionResponse }, ...shown.flatMap((inner) => contentOf(inner, dropped))]
}

function contentOf(part: ContentPart, dropped: string[]): readonly JsonObject[] {
  if (part.kind === 'text') return part.text === '' ? [] : [{ text: part.text }]
  if (part.kind === 'other') {
    dropped.push(part.what)
    return []
  }
  const { mediaType, data, url } = part
  if (data !== null) return [{ inlineData: { mimeType: mediaType ?? 'image/png', data } }]
  const mimeType = mediaType ?? typeByName(url ?? '')
  return [{ fileData: { ...(mimeType === null ? {} : { mimeType }), fileUri: url ?? '' } }]
}

/** Media types by the ending of an address. */
const ENDINGS: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  gif: 'image/gif',
}

function typeByName(url: string): string | null {
  const ending = /\.([a-z]{3,4})(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(ENDINGS, ending) ? (ENDINGS[ending] ?? null) : null
}

import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { readTools, type Tools } from './tool-definitions.ts'
import { readResponseFormat } from './response-format.ts'
import { readMessages, type ChatMessage } from './chat-messages.ts'

/** A chat completion request that this engine can honour in full. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly stream: boolean
  readonly includeUsage: boolean
  /** Null: up to the end of the context. */
  readonly maxTokens: number | null
  /** Null: the engine's own choice. */
  readonly temperature: number | null
  readonly topP: number | null
  /** Null: a fresh seed, and the request may share its batches with others. */
  readonly seed: number | null
  readonly stop: readonly string[]
  /** Null: none may be called. */
  readonly tools: Tools | null
  /** Grammar (GBNF) that the whole answer follows; null: free text. */
  readonly grammar: string | null
  readonly frequencyPenalty: number
  readonly presencePenalty: number
}

type Fields = Readonly<Record<string, unknown>>

/** Fields that change nothing in the answer: they label, account or route elsewhere. */
const HARMLESS = new Set([
  'user',
  'metadata',
  'safety_identifier',
  'prompt_cache_key',
  'service_tier',
  'store',
])

/** Fields accepted only with the value that means "do without". */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  store: [false],
  logprobs: [false],
  top_logprobs: [0],
  service_tier: ['auto', 'default'],
}

const READ = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'seed',
  'stop',
  'frequency_penalty',
  'presence_penalty',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
])

/** Bound on a stop string, characters: what is held back of a stream can never be longer. */
const MAX_STOP_LENGTH = 256

class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

const invalid = (param: string, expected: string): Refused =>
  new Refused({ code: 'invalid-value', param, detail: { expected } })

/** Reads the body of POST /v1/chat/completions. What the engine cannot do is refused by name, never ignored. */
export function readChatRequest(body: unknown): Result<ChatRequest, Refusal> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return err({ code: 'invalid-value', param: 'body', detail: { expected: 'a JSON object' } })
  }
  try {
    return readFields(body as Fields)
  } catch (thrown) {
    if (thrown instanceof Refused) return err(thrown.refusal)
    throw thrown
  }
}

function readFields(fields: Fields): Result<ChatRequest, Refusal> {
  refuseUnsupported(fields)
  const model = fields['model']
  if (model === undefined) return err({ code: 'missing-field', param: 'model' })
  if (typeof model !== 'string' || model === '') throw invalid('model', 'a model name')
  const messages = readMessages(fields['messages'])
  if (!messages.ok) return messages
  const grammar = readResponseFormat(fields['response_format'])
  if (!grammar.ok) return grammar
  const tools = readTools(fields)
  if (!tools.ok) return tools
  // a grammar for the answer leaves no room for a call
  if (tools.value !== null && grammar.value !== null)
    return err({ code: 'unsupported-parameter', param: 'response_format' })
  const stream = flag(fields['stream'], 'stream') ?? false
  return ok({
    model,
    messages: messages.value,
    stream,
    includeUsage: readIncludeUsage(fields['stream_options'], stream),
    maxTokens: readMaxTokens(fields),
    temperature: number(fields, 'temperature', 0, 2),
    topP: number(fields, 'top_p', 0, 1),
    seed: readSeed(fields['seed']),
    stop: readStop(fields['stop']),
    tools: tools.value,
    grammar: grammar.value,
    frequencyPenalty: number(fields, 'frequency_penalty', -2, 2) ?? 0,
    presencePenalty: number(fields, 'presence_penalty', -2, 2) ?? 0,
  })
}

function refuseUnsupported(fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || READ.has(name)) continue
    if (Object.hasOwn(NEUTRAL, name) && NEUTRAL[name]?.includes(value)) continue
    if (name === 'modalities' && Array.isArray(value) && value.join() === 'text') continue
    if (HARMLESS.has(name) && !Object.hasOwn(NEUTRAL, name)) continue
    // The name is the caller's own: shown only when it is short and plain.
    const param = /^[\w-]{1,64}$/.test(name) ? name : 'unknown field'
    throw new Refused({ code: 'unsupported-parameter', param })
  }
}

function flag(value: unknown, param: string): boolean | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'boolean') throw invalid(param, 'true or false')
  return value
}

function number(fields: Fields, param: string, min: number, max: number): number | null {
  const value = fields[param]
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw invalid(param, `a number from ${min} to ${max}`)
  }
  return value
}

function readMaxTokens(fields: Fields): number | null {
  const given = (['max_completion_tokens', 'max_tokens'] as const).filter(
    (name) => fields[name] !== undefined && fields[name] !== null,
  )
  const limits = given.map((name) => {
    const value = fields[name]
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw invalid(name, 'a whole number, at least 1')
    }
    return value
  })
  return limits.length === 0 ? null : Math.min(...limits)
}

function readSeed(value: unknown): number | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw invalid('seed', 'a whole number')
  }
  return value
}

function readStop(value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const stop = list.filter((entry) => typeof entry === 'string')
  const fits = (entry: string): boolean => entry.length > 0 && entry.length <= MAX_STOP_LENGTH
  if (stop.length !== list.length || stop.length > 4 || !stop.every(fits)) {
    throw invalid('stop', `a string or up to 4 strings, 1 to ${MAX_STOP_LENGTH} characters each`)
  }
  return stop
}

function readIncludeUsage(value: unknown, stream: boolean): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid('stream_options', 'an object')
  }
  if (!stream) throw invalid('stream_options', 'left out unless `stream` is true')
  for (const [name, option] of Object.entries(value)) {
    if (name === 'include_usage') continue
    if (name === 'include_obfuscation' && option === false) continue
    throw new Refused({ code: 'unsupported-parameter', param: 'stream_options' })
  }
  const asked = 'include_usage' in value ? value.include_usage : undefined
  return flag(asked, 'stream_options.include_usage') ?? false
}

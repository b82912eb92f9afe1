import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { FinishReason, Usage } from '../answer-event.ts'
import { isList, isObject } from '../json-body.ts'

/** How far a response has come. */
export interface ResponseState {
  readonly id: string
  readonly createdSeconds: number
  readonly model: string
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  readonly output: readonly JsonObject[]
  readonly error: ResponseError | null
  readonly incomplete: IncompleteReason | null
  readonly usage: Usage | null
}

/** Why a response broke off, as the caller is told. */
export interface ResponseError {
  readonly code: string
  readonly message: string
}

export type IncompleteReason = 'max_output_tokens' | 'content_filter'

/** Null where the answer is whole. */
export const INCOMPLETE: Readonly<Record<FinishReason, IncompleteReason | null>> = {
  stop: null,
  'stop-sequence': null,
  'tool-calls': null,
  length: 'max_output_tokens',
  'context-full': 'max_output_tokens',
  'content-filter': 'content_filter',
  // a pause has no word in this protocol: the answer is not complete
  pause: 'max_output_tokens',
}

/** What every response repeats of its request; null and the protocol's own defaults where nothing was said. */
export function echoOf(body: JsonObject): JsonObject {
  const or = (name: string, otherwise: JsonValue): JsonValue => body[name] ?? otherwise
  const text = isObject(body['text']) ? body['text'] : {}
  const reasoning = isObject(body['reasoning']) ? body['reasoning'] : {}
  return {
    instructions: or('instructions', null),
    max_output_tokens: or('max_output_tokens', null),
    max_tool_calls: or('max_tool_calls', null),
    metadata: or('metadata', {}),
    parallel_tool_calls: or('parallel_tool_calls', true),
    prompt_cache_key: or('prompt_cache_key', null),
    reasoning: {
      ...reasoning,
      effort: reasoning['effort'] ?? null,
      summary: reasoning['summary'] ?? null,
    },
    safety_identifier: or('safety_identifier', null),
    temperature: or('temperature', null),
    text: { ...text, format: text['format'] ?? { type: 'text' } },
    tool_choice: or('tool_choice', 'auto'),
    tools: (isList(body['tools']) ? body['tools'] : []).filter(isObject).map(toolOf),
    top_p: or('top_p', null),
    truncation: or('truncation', 'disabled'),
    user: or('user', null),
  }
}

const toolOf = (tool: JsonObject): JsonObject => ({
  ...tool,
  description: tool['description'] ?? null,
  parameters: tool['parameters'] ?? null,
  strict: tool['strict'] ?? null,
})

/** The whole object with its full set of keys; nothing of it is stored. */
export const responseObject = (echo: JsonObject, state: ResponseState): JsonObject => ({
  id: state.id,
  object: 'response',
  created_at: state.createdSeconds,
  status: state.status,
  access_programs: null,
  background: false,
  completed_at: null,
  conversation: null,
  error: state.error && { ...state.error },
  incomplete_details: state.incomplete && { reason: state.incomplete },
  model: state.model,
  output: state.output,
  previous_response_id: null,
  prompt: null,
  service_tier: 'default',
  store: false,
  top_logprobs: 0,
  usage: state.usage && usageBody(state.usage),
  ...echo,
})

/** Clients add these up: where the destination said nothing they are 0. */
const usageBody = (usage: Usage): JsonObject => ({
  input_tokens: usage.promptTokens ?? 0,
  input_tokens_details: {
    cached_tokens: usage.cachedTokens ?? 0,
    cache_write_tokens: usage.cacheWriteTokens ?? 0,
  },
  output_tokens: usage.completionTokens ?? 0,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  total_tokens: (usage.promptTokens ?? 0) + (usage.completionTokens ?? 0),
})

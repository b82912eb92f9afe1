import type { JsonObject } from '#kernel/canonical-json.ts'

/** For tests: a response object of a destination that serves Responses itself, with what else it is to hold. */
export const nativeResponse = (more: JsonObject = {}): JsonObject => ({
  id: 'resp_up',
  object: 'response',
  created_at: 5,
  status: 'completed',
  model: 'up-1',
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  output: [MESSAGE],
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  store: false,
  usage: {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 6,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 15,
  },
  future_field: { kept: true },
  ...more,
})

const TEXT = 'From the cloud, naïve 🌊.'
const PART = { type: 'output_text', text: TEXT, annotations: [] }
const MESSAGE = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [PART],
}

/** One event of a stream, before it gets its number. */
export interface NativeEvent extends JsonObject {
  readonly type: string
}

/** Frames of these events, numbered from 0. */
export const framesOf = (events: readonly NativeEvent[]): readonly string[] =>
  events.map((event, at) => {
    const data = JSON.stringify({ ...event, sequence_number: at })
    return `event: ${event.type}\ndata: ${data}\n\n`
  })

const begun = nativeResponse({ status: 'in_progress', output: [], usage: null })
const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }

/** A stream of one message, with an event of a type that nobody knows yet, up to its last event. */
export const NATIVE_EVENTS: readonly NativeEvent[] = [
  { type: 'response.created', response: begun },
  { type: 'response.in_progress', response: begun },
  {
    type: 'response.output_item.added',
    output_index: 0,
    item: { ...MESSAGE, status: 'in_progress', content: [] },
  },
  { type: 'response.content_part.added', ...place, part: { ...PART, text: '' } },
  { type: 'response.output_text.delta', ...place, delta: 'From the cloud, ', obfuscation: 'x' },
  { type: 'response.something_new', note: 'kept' },
  { type: 'response.output_text.delta', ...place, delta: 'naïve 🌊.' },
  { type: 'response.output_text.done', ...place, text: TEXT },
  { type: 'response.content_part.done', ...place, part: PART },
  { type: 'response.output_item.done', output_index: 0, item: MESSAGE },
  { type: 'response.completed', response: nativeResponse() },
]

/** The same as it comes over the wire. */
export const NATIVE_STREAM = framesOf(NATIVE_EVENTS).join('')

/** Why an answer ended: the model or a stop string ended it, a limit did, or tools were called. */
export type FinishReason = 'stop' | 'length' | 'tool_calls'

export interface Usage {
  readonly promptTokens: number
  /** Tokens of the prompt whose state was still in memory. */
  readonly cachedTokens: number
  /** Tokens sampled; the invisible end-of-turn token is not counted. */
  readonly completionTokens: number
}

/** What every chunk of one answer shares. */
export interface AnswerHead {
  readonly id: string
  /** Seconds since the Unix epoch. */
  readonly created: number
  readonly model: string
}

export const usageBody = (usage: Usage): object => ({
  prompt_tokens: usage.promptTokens,
  completion_tokens: usage.completionTokens,
  total_tokens: usage.promptTokens + usage.completionTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedTokens },
})

/** A call of a tool in an answer. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** JSON text. */
  readonly arguments: string
}

const callBody = ({ id, name, arguments: given }: ToolCall): object => ({
  id,
  type: 'function',
  function: { name, arguments: given },
})

/** A call in a stream: its name first, then its arguments. */
export const callDeltas = (call: ToolCall, index: number): readonly [Delta, Delta] => [
  { tool_calls: [{ index, ...callBody({ ...call, arguments: '' }) }] },
  { tool_calls: [{ index, function: { arguments: call.arguments } }] },
]

/** The body of a plain answer: `chat.completion`. */
export const completionBody = (
  head: AnswerHead,
  said: { readonly text: string; readonly calls: readonly ToolCall[] },
  finish: FinishReason,
  usage: Usage,
): object => ({
  id: head.id,
  object: 'chat.completion',
  created: head.created,
  model: head.model,
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: said.text === '' && said.calls.length > 0 ? null : said.text,
        refusal: null,
        annotations: [],
        ...(said.calls.length === 0 ? {} : { tool_calls: said.calls.map(callBody) }),
      },
      logprobs: null,
      finish_reason: finish,
    },
  ],
  usage: usageBody(usage),
})

export interface Delta {
  readonly role?: 'assistant'
  readonly content?: string
  readonly tool_calls?: readonly object[]
}

/** One `chat.completion.chunk` as a server-sent event; with usage asked for, every chunk carries `usage: null`. */
export const chunkEvent = (
  head: AnswerHead,
  delta: Delta,
  finish: FinishReason | null,
  includeUsage: boolean,
): string =>
  event({
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage ? { usage: null } : {}),
  })

/** The one extra chunk that carries the usage, after the finish. */
export const usageEvent = (head: AnswerHead, usage: Usage): string =>
  event({
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    choices: [],
    usage: usageBody(usage),
  })

export const DONE_EVENT = 'data: [DONE]\n\n'

/** A server-sent event with JSON data. */
export const event = (body: object): string => `data: ${JSON.stringify(body)}\n\n`

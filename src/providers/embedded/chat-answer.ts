/** Why a generation ended: the model or a stop string ended it, or a limit did. */
export type FinishReason = 'stop' | 'length'

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

/** The body of a plain answer: `chat.completion`. */
export const completionBody = (
  head: AnswerHead,
  text: string,
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
      message: { role: 'assistant', content: text, refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: finish,
    },
  ],
  usage: usageBody(usage),
})

export interface Delta {
  readonly role?: 'assistant'
  readonly content?: string
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

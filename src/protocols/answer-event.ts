/** Tokens as the destination counted them; null where it did not say, never 0. */
export interface Usage {
  /** Cached tokens included (Anthropic counts them apart: its adapter adds them). */
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  /** Of the prompt, read from a cache. */
  readonly cachedTokens: number | null
  /** Of the prompt, written to a cache. */
  readonly cacheWriteTokens: number | null
  /** Of the completion, spent on reasoning. */
  readonly reasoningTokens: number | null
}

export const NO_USAGE: Usage = {
  promptTokens: null,
  completionTokens: null,
  cachedTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
}

/** Why the model stopped. `context-full` and `pause` have no counterpart in some dialects: they are told, not invented. */
export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'context-full'
  | 'tool-calls'
  | 'content-filter'
  | 'pause'

/** A piece of an answer between two dialects. A whole answer is the list of its pieces. */
export type AnswerEvent =
  /** First of all; `createdSeconds` since the epoch, null when the dialect does not say. */
  | {
      readonly kind: 'start'
      readonly id: string
      readonly model: string
      readonly createdSeconds: number | null
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  /** Lets a provider recognise its own reasoning when it comes back. */
  | { readonly kind: 'reasoning-signature'; readonly signature: string }
  | { readonly kind: 'refusal'; readonly text: string }
  /** A tool call begins; `index` counts the calls of this answer from 0. */
  | {
      readonly kind: 'tool-call'
      readonly index: number
      readonly id: string
      readonly name: string
    }
  /** JSON text of the arguments, in pieces that concatenate. */
  | { readonly kind: 'tool-arguments'; readonly index: number; readonly piece: string }
  | {
      readonly kind: 'finish'
      readonly reason: FinishReason
      readonly stopSequence: string | null
    }
  | { readonly kind: 'usage'; readonly usage: Usage }

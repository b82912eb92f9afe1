import type { JsonObject } from '#kernel/canonical-json.ts'

/** Something said or shown. Images are given by their bytes or by an address, which is never fetched here. */
export type ContentPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'image'
      /** `image/png`; null when only an address is known. */
      readonly mediaType: string | null
      /** Base64, without a data URL's head. */
      readonly data: string | null
      readonly url: string | null
    }
  /** A part no other dialect can carry (audio, file ...): its name is reported. */
  | { readonly kind: 'other'; readonly what: string }

export type TurnPart =
  | ContentPart
  | { readonly kind: 'reasoning'; readonly text: string; readonly signature: string | null }
  | { readonly kind: 'refusal'; readonly text: string }
  /** Arguments are JSON text, as the model wrote them. */
  | {
      readonly kind: 'tool-call'
      readonly id: string
      readonly name: string
      readonly arguments: string
    }
  | {
      readonly kind: 'tool-result'
      readonly callId: string
      readonly parts: readonly ContentPart[]
      readonly isError: boolean
    }

/** One turn. Results of tools are part of a user's turn. */
export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly parts: readonly TurnPart[]
}

export interface ToolDefinition {
  readonly name: string
  readonly description: string | null
  /** JSON Schema of the arguments. */
  readonly schema: JsonObject
  readonly strict: boolean | null
}

export type ToolChoice =
  | { readonly kind: 'auto' | 'none' | 'required' }
  | { readonly kind: 'one'; readonly name: string }

export type OutputFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema'
      readonly name: string
      readonly schema: JsonObject
      readonly strict: boolean | null
    }

/**
 * A chat request between two dialects: what every chat protocol can say, in one form. Null means not said.
 * When caller and destination speak the same dialect this form is never made, and unknown fields survive.
 */
export interface Conversation {
  readonly system: readonly ContentPart[]
  readonly turns: readonly Turn[]
  readonly tools: readonly ToolDefinition[]
  readonly toolChoice: ToolChoice | null
  readonly parallelToolCalls: boolean | null
  readonly maxTokens: number | null
  readonly temperature: number | null
  readonly topP: number | null
  readonly topK: number | null
  readonly seed: number | null
  readonly presencePenalty: number | null
  readonly frequencyPenalty: number | null
  readonly stop: readonly string[]
  readonly output: OutputFormat
  readonly reasoning: Reasoning | null
  /** An opaque id of the caller's own user. */
  readonly user: string | null
  /** Names of fields that this form has no place for: they are dropped, and reported. */
  readonly unmapped: readonly string[]
}

export interface Reasoning {
  readonly effort: 'none' | 'minimal' | 'low' | 'medium' | 'high' | null
  readonly budgetTokens: number | null
}

/** A conversation in which nothing was said but the turns. */
export const PLAIN: Omit<Conversation, 'turns'> = {
  system: [],
  tools: [],
  toolChoice: null,
  parallelToolCalls: null,
  maxTokens: null,
  temperature: null,
  topP: null,
  topK: null,
  seed: null,
  presencePenalty: null,
  frequencyPenalty: null,
  stop: [],
  output: { kind: 'text' },
  reasoning: null,
  user: null,
  unmapped: [],
}

import type { JsonObject } from '#kernel/canonical-json.ts'
import type { DialectName } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { AnswerEvent } from './answer-event.ts'
import type { Conversation } from './conversation.ts'

/** What a destination said of its own error, bounded; null where it did not say. */
export interface UpstreamError {
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}

/** A chat request in the words of one dialect. */
export interface DialectRequest {
  /** Below the destination's base URL. */
  readonly path: string
  /** Headers of the dialect itself; credentials are added where the passage is opened. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
  /** What could not be said in this dialect, by the name the caller knows. */
  readonly dropped: readonly string[]
}

/** One answer of a destination, read piece by piece. */
export interface DialectAnswer {
  /** A whole answer, or null when the bytes are not of this dialect. */
  whole(bytes: Uint8Array): readonly AnswerEvent[] | null
  /** A piece of a stream, in any split; `broken` when the stream says so itself or is not of this dialect. */
  step(text: string): { readonly events: readonly AnswerEvent[]; readonly broken: boolean }
  /** The stream ended: whether it had come to its end, and what that still yields. */
  close(): { readonly events: readonly AnswerEvent[]; readonly complete: boolean }
}

/** A protocol that destinations speak: how to ask, and how to read the answer. */
export interface Dialect {
  readonly name: DialectName
  /** Refuses by name what the dialect cannot do at all. */
  request(
    conversation: Conversation,
    upstreamModel: string,
    stream: boolean,
  ): Result<DialectRequest, Refusal>
  /** Content type of its streams. */
  readonly streamType: string
  newAnswer(): DialectAnswer
  readError(bytes: Uint8Array): UpstreamError | null
}

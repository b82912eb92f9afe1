import type { JsonObject } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Usage } from './openai-chat/answer.ts'

/** A request as one protocol surface read it: what to classify, what to send, and how to read the answer. */
export interface SurfaceRequest {
  readonly surface: 'openai-chat'
  readonly requestedModel: string
  readonly stream: boolean
  /** Path below the destination's base URL. */
  readonly path: string
  readonly textParts: () => readonly TextPart[]
  readonly bodyFor: (upstreamModel: string) => JsonObject
  readonly newReader: () => AnswerReader
}

/** Reads one answer of a destination and yields what the caller gets. */
export interface AnswerReader {
  /** A whole answer: its usage, or null when the bytes are not of this protocol. */
  whole(bytes: Uint8Array): Usage | null
  /** A piece of a stream: the whole frames it completes. */
  step(text: string): { readonly out: string; readonly broken: boolean }
  /** The end of a stream: what closes it, or null when it ended before its end. */
  close(): string | null
  usage(): Usage
}

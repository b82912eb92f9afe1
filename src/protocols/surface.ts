import type { JsonObject } from '#kernel/canonical-json.ts'
import type { ApiName, DialectName, ServedModel } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { AnswerEvent, Usage } from './answer-event.ts'
import type { AnswerFilter } from './answer-filter.ts'
import type { UpstreamError } from './dialect.ts'
import type { FormPart } from './multipart/form-part.ts'

/** Every protocol surface that callers may use; recorded in the ledger. */
export const SURFACES = [
  'openai-chat',
  'openai-completions',
  'openai-responses',
  'openai-embeddings',
  'openai-moderations',
  'openai-media',
  'rerank',
  'anthropic-messages',
  'ollama-chat',
  'ollama-generate',
  'ollama-embed',
  'gemini-generate',
] as const
export type SurfaceName = (typeof SURFACES)[number]

/** What a request bounds of its own answer. */
export interface OutputBound {
  /** Tokens of each answer; null: not said. */
  readonly tokens: number | null
  /** Answers, or pictures, asked for. */
  readonly count: number
  /** What is made, where that is not text. */
  readonly kind?: 'image' | 'speech' | 'transcript'
  /** Characters to be spoken. */
  readonly characters?: number
}

/** What stands in the place of a text; the path is that of its text part. */
export type ChangeTextAt = (text: string, path: string) => string

/** How a request is made again with other texts, so that values can be masked. */
export interface Rewrite {
  /** The text that opened the conversation: the same in each of its turns. */
  readonly opening: () => string
  /** Asks for every text that may be another one; names of fields, numbers, and words of the protocol stay. */
  readonly withTexts: (change: ChangeTextAt) => SurfaceRequest
}

/** A request as one protocol surface read it: what to classify, and what to send where. */
export interface SurfaceRequest {
  readonly surface: SurfaceName
  readonly requestedModel: string
  readonly stream: boolean
  /** Its answer holds nothing that a model wrote, as that of its surface does otherwise. */
  readonly hasNoText?: true
  /** The body of a whole answer from these pieces, as the caller of this request reads it; absent where no model writes. */
  readonly writeWhole?: (events: readonly AnswerEvent[]) => string
  /** The same as a stream, all its frames at once; absent with it. */
  readonly writeStream?: (events: readonly AnswerEvent[]) => {
    readonly type: string
    readonly text: string
  }
  /** Whether a program reads the answer, in a format that the request gives; absent: it does not say. */
  readonly hasFormat?: () => boolean
  /** How much may be written or made, as the request itself bounds it; absent: it says nothing of that. */
  readonly outputBound?: () => OutputBound
  readonly textParts: () => readonly TextPart[]
  /** Absent: its texts cannot be others. */
  readonly rewrite?: Rewrite
  /**
   * What to send to one destination and how to read its answer; refused by name when that destination cannot do it.
   * `apis` is what it serves itself beside chat; none when absent. With a filter the answer is always read piece by
   * piece and written anew, whatever the destination speaks.
   */
  readonly forDestination: (
    dialect: DialectName,
    model: ServedModel,
    apis?: readonly ApiName[],
    filter?: AnswerFilter,
  ) => Result<Outgoing, Refusal>
}

interface OutgoingTerms {
  /** Below the destination's base URL. */
  readonly path: string
  /** Headers of the dialect; never the caller's. */
  readonly headers: Readonly<Record<string, string>>
  /** Names of what the destination's dialect cannot say: left out and reported in `x-ecluse-dropped`. */
  readonly dropped: readonly string[]
  readonly reader: AnswerReader
}

export interface JsonOutgoing extends OutgoingTerms {
  readonly body: JsonObject
  readonly form?: undefined
}

export interface FormOutgoing extends OutgoingTerms {
  readonly form: readonly FormPart[]
  readonly body?: undefined
}

/** What is sent to one destination: a JSON object, or a form. */
export type Outgoing = JsonOutgoing | FormOutgoing

/** Why a stream broke, in words for the caller. */
export interface StreamFailure {
  readonly code: string
  readonly message: string
}

/** Reads one answer of a destination and yields what the caller gets, in the caller's protocol. */
export interface AnswerReader {
  /** Content type that the caller's stream has. */
  readonly streamType: string
  /** Whether this content type of the destination is its stream. */
  isStream(contentType: string): boolean
  /** A whole answer, as the caller gets it; null when the bytes are not of the destination's protocol. */
  whole(bytes: Uint8Array): { readonly body: Uint8Array; readonly type: string } | null
  /** A piece of a stream: the whole frames it completes. */
  step(text: string): { readonly out: string; readonly broken: boolean }
  /** The end of a stream: what closes it, or null when it ended before its end. */
  close(): string | null
  /** Why the answer may not be shown, or no further, when that is what broke it: a filter stopped it. */
  readonly stopped?: () => Refusal | null
  /** The last frame of a stream that broke, where the surface counts or repeats what came before; else its errors tell it. */
  readonly failed?: (failure: StreamFailure) => string
  usage(): Usage
  /** Characters that the model has written so far, as far as they were seen in a stream. */
  readonly written?: () => number
  readError(bytes: Uint8Array): UpstreamError | null
}

/** Writes an answer in the caller's protocol from neutral pieces. */
export interface AnswerWriter {
  readonly streamType: string
  /** Frames for these pieces; an answer may come in any number of calls. */
  step(events: readonly AnswerEvent[]): string
  /** The frames that end the stream well, after the last piece. */
  end(): string
  /** The last frame of a stream that broke, where it depends on what came before. */
  readonly failed?: (failure: StreamFailure) => string
  /** A whole answer from all its pieces. */
  whole(events: readonly AnswerEvent[]): string
}

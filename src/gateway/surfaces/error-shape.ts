import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import type { AnswerReader } from '#protocols/surface.ts'
import type { RequestWatch } from '../ports.ts'
import type { LimitHeaders } from './limit-headers.ts'

/** What else an error may tell. */
export interface Told {
  readonly language: Language
  readonly requestId: string
  /** The destination's own words about the caller's request. */
  readonly said: UpstreamError | null
  /** Who follows this request; absent or null when nobody does. */
  readonly watch?: RequestWatch | null
}

/** How one surface tells errors; every surface has its own bodies, and its own way to break off a stream. */
export interface ErrorShape {
  status(refusal: Refusal): number
  /** A whole answer, JSON. */
  body(refusal: Refusal, told: Told): string
  /** How it tells of limits; absent: as OpenAI does. */
  readonly limitHeaders?: LimitHeaders
  /** The last frame of a stream that broke; never followed by the surface's end mark. `failed` writes it where the answer knows how. */
  frame(refusal: Refusal, told: Told, failed?: AnswerReader['failed']): string
}

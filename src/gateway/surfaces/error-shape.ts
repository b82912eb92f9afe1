import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { UpstreamError } from '#protocols/dialect.ts'

/** What else an error may tell. */
export interface Told {
  readonly language: Language
  readonly requestId: string
  /** The destination's own words about the caller's request. */
  readonly said: UpstreamError | null
}

/** How one surface tells errors; every surface has its own bodies, and its own way to break off a stream. */
export interface ErrorShape {
  status(refusal: Refusal): number
  /** A whole answer, JSON. */
  body(refusal: Refusal, told: Told): string
  /** The last frame of a stream that broke; never followed by the surface's end mark. */
  frame(refusal: Refusal, told: Told): string
}

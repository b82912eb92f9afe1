import type { Passage } from './passage.ts'
import type { Refusal } from './refusal.ts'

import type { EpochMs } from './units.ts'

/** The present, passed in so that no test sleeps. */
export type Clock = () => EpochMs

/** A new unique id that sorts by time: UUID version 7, lower case. */
export type NewId = () => string

/** Random bytes from the operating system, or a test's own sequence. */
export type RandomBytes = (length: number) => Uint8Array

/** Lets a slow reader hold back the upstream, and whoever has read enough end it. */
export interface Flow {
  pause(): void
  resume(): void
  /** Wants nothing more; the sink hears `fail`, unless the answer was over. */
  stop(): void
}

/** Where an answer goes, piece by piece: head once, chunks, then exactly one of end or fail. */
export interface AnswerSink {
  head(status: number, headers: Readonly<Record<string, string>>, flow: Flow): void
  chunk(bytes: Uint8Array): void
  end(): void
  /** The upstream broke: before head nothing has been shown; after it the answer is incomplete. */
  fail(refusal: Refusal): void
}

/** How a passage is to be sent; carries no content. */
export interface AskOptions {
  readonly path: string
  /** Headers of the destination's dialect. */
  readonly headers: Readonly<Record<string, string>>
  readonly stream: boolean
  readonly requestId: string
  /** Callers of different scopes never share computed prefixes. */
  readonly cacheScope: string
  /** Digest of the weights that were decided for; told to the engine on board alone. */
  readonly weights?: string | undefined
}

/** Sends a passage to its destination. Resolves once the sink has been ended or failed; never rejects. */
export type Ask = (
  passage: Passage,
  options: AskOptions,
  sink: AnswerSink,
  signal: AbortSignal,
) => Promise<void>

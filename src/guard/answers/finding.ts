import type { AnswerKind } from '#kernel/duties.ts'

/** Something found in one text of an answer; offsets in the whole of that text, UTF-16 units. Never the text itself. */
export interface AnswerFinding {
  readonly kind: AnswerKind
  readonly start: number
  readonly end: number
  /** False: it is taken out without a trace, because a mark in its place would stand within a word. */
  readonly isMarked: boolean
  /** The rest of the one before it, which was too long to wait for: taken out with it, and not counted. */
  readonly isMore?: true
}

/** What a scanner knows after a piece: findings that are new, and up to where nothing more will be found. */
export interface Looked {
  readonly findings: readonly AnswerFinding[]
  /** Every finding that begins before this offset has been told. */
  readonly settled: number
}

/** Looks through a text that arrives in pieces; the same findings whatever the pieces. */
export interface Looker {
  /** `isEnd` says that no more will come. */
  look(piece: string, isEnd: boolean): Looked
}

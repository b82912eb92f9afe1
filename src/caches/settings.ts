import type { DataClass } from '#kernel/label.ts'
import type { Milliseconds } from '#kernel/units.ts'

/** How answers are kept, as the configuration says. */
export interface CacheSettings {
  readonly exact: boolean
  /** Answers to other words of the same meaning; null: never. */
  readonly semantic: SemanticSettings | null
  readonly ttlMs: Milliseconds
  /** All that is kept in the memory of one process. */
  readonly bytes: number
  /** The largest answer that is kept. */
  readonly entryBytes: number
  /** The highest class of what is kept, question and answer together. */
  readonly upTo: DataClass
  /** `database`: shared by all processes, sealed. */
  readonly store: 'memory' | 'database'
  /** Who shares what is kept: the keys of one application and team, or one key alone. */
  readonly per: 'application' | 'key'
  /** Of identical requests at the same time one is sent, and the others wait for its answer. */
  readonly singleFlight: boolean
}

export interface SemanticSettings {
  /** Least cosine of two questions, 0 to 1. */
  readonly threshold: number
  /** A model of a destination in our own zones, `destination/model`. */
  readonly model: string
  /** Most questions that one is compared with. */
  readonly compared: number
}

/** Nothing is kept and nothing is looked for. */
export const isOff = ({ exact, semantic }: CacheSettings): boolean => !exact && semantic === null

import type { Draw } from '../weights/testing/mutate.ts'

/** How an input is spoilt: as bytes, or as values of JSON too. */
export type Shape = 'bytes' | 'json'

/** One parser that takes in what others wrote. */
export interface FuzzTarget {
  readonly name: string
  readonly shape: Shape
  /** Files that are right, or wrong in a known way. */
  readonly seeds: readonly Buffer[]
  /** What came of an input, in a word. Throws only where the parser does what it must not. */
  run(input: Buffer, draw: Draw): string | Promise<string>
}

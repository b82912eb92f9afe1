import type { Reason } from '#kernel/label.ts'
import type { NearRule } from './find-near.ts'
import type { LiteralGroup } from './lexicon.ts'
import type { NumberRun } from './numbers.ts'
import type { Scan } from './scan.ts'

/** A finding before it is placed in a part: offsets are those of the normalised text. */
export interface Draft {
  readonly type: string
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly confidence: number
  readonly because: readonly Reason[]
  readonly country?: string
  /** Units between the value and the word that called for it; told by rules beside words. */
  readonly distance?: number
}

/** Takes what a detector finds. */
export type Found = (draft: Draft) => void

/** A value in an explicit list: literals for the shared pass, and a search that touches candidates only. */
export interface Detector {
  /** Kebab-case, stable; recorded when the detector fails. */
  readonly id: string
  /** False for what a sentence means: it has no sense across the seam of two parts. */
  readonly acrossParts: boolean
  readonly literals: readonly LiteralGroup[]
  /** Shapes beside words: looked for only where one of their words stands, whatever their number. */
  readonly near?: readonly NearRule[]
  find?(scan: Scan, found: Found): void
  /** Called with each run of digits, once for all detectors. */
  number?(scan: Scan, run: NumberRun, found: Found): void
}

import type { TextPart } from '#kernel/text-part.ts'
import type { ScannedText } from './scan-text.ts'
import type { Steps } from './scan/steps.ts'

/** Longer texts, in UTF-16 units, are scanned where they delay nobody: at 20 MB/s this one takes 13 ms. */
const LARGE_TEXT = 262_144

export const isLargeText = (part: TextPart): boolean => part.text.length > LARGE_TEXT

/** What a scan found, and the steps it took. */
export interface ScannedElsewhere extends ScannedText {
  readonly steps: number
}

/** Named like a failed detector, and seen by nobody: the request is classified again once the scan is there. */
export const NOT_YET = 'not-yet'

/** The scans of one request's large texts: what classification asked for, and what has come back. */
export class ScansElsewhere {
  readonly #done = new Map<number, ScannedElsewhere>()
  readonly #missing = new Set<number>()

  /** Places of the texts that were asked for and are not there. */
  get missing(): readonly number[] {
    return [...this.#missing]
  }

  /** The scan of the text at `index`, its steps spent. */
  take(index: number, steps: Steps): ScannedText {
    const scanned = this.#done.get(index)
    if (scanned === undefined) {
      this.#missing.add(index)
      return { spotted: [], failed: [NOT_YET] }
    }
    steps.spend(scanned.steps)
    return scanned
  }

  put(index: number, scanned: ScannedElsewhere): void {
    this.#missing.delete(index)
    this.#done.set(index, scanned)
  }
}

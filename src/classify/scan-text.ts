import { viewOf } from './normalise/view.ts'
import { decodeRun, LONGEST_RUN } from './normalise/encoded.ts'
import type { Detector, Draft, Found } from './scan/detector.ts'
import { withoutGuesses } from './scan/guesses.ts'
import type { Lexicon } from './scan/lexicon.ts'
import { type NearIndex, nearIndex, runNear } from './scan/near-index.ts'
import { readNumbers } from './scan/numbers.ts'
import { resolveOverlaps } from './scan/overlaps.ts'
import { Scan } from './scan/scan.ts'
import { LOW } from './scan/score.ts'
import type { Steps } from './scan/steps.ts'

/** What one text needs in order to be scanned. */
export interface Scanner {
  readonly lexicon: Lexicon
  /** Detectors with a search of their own. */
  readonly searching: readonly Detector[]
  /** Detectors that want the runs of digits. */
  readonly counting: readonly Detector[]
  readonly near: NearIndex
}

/** A scanner of these detectors over a lexicon that has their words. */
export const scannerOf = (detectors: readonly Detector[], lexicon: Lexicon): Scanner => ({
  lexicon,
  searching: detectors.filter((detector) => detector.find !== undefined),
  counting: detectors.filter((detector) => detector.number !== undefined),
  near: nearIndex(detectors),
})

/** A finding of one text, offsets in the original; `value` stays in memory and serves to count distinct values. */
export interface Spotted extends Draft {
  readonly value: string
}

export interface ScannedText {
  readonly spotted: readonly Spotted[]
  /** Ids of detectors that threw. */
  readonly failed: readonly string[]
}

const DEEPEST = 2
/** Named like a failed detector: encoded text that was not looked into leaves the text undetermined. */
const TOO_MUCH_ENCODED = 'encoded-text'
/** Decoded text per original text, UTF-16 units. */
const MOST_DECODED = 4_000_000

/** Finds everything in one text, what is encoded in it included. Never throws; a detector that does is named in `failed`. */
export function scanText(
  text: string,
  key: string,
  scanner: Scanner,
  steps: Steps,
  depth = 0,
): ScannedText {
  const view = viewOf(text)
  const scan = new Scan(view.text, key, scanner.lexicon, steps)
  const drafts: Draft[] = []
  const failed: string[] = []
  const found = (draft: Draft): void => {
    if (draft.confidence >= LOW) drafts.push(draft)
  }
  for (const detector of scanner.searching) {
    if (steps.exhausted) break
    try {
      detector.find?.(scan, found)
    } catch {
      // the error may hold text: only the detector's id is kept
      failed.push(detector.id)
    }
  }
  runNear(scan, scanner.near, found, failed)
  runNumbers(scan, scanner.counting, found, failed)
  const inside = depth < DEEPEST ? scanEncoded(scan, scanner, steps, depth, failed) : []
  const spotted = resolveOverlaps([
    ...withoutGuesses(drafts).map((draft) => ({ ...draft, value: valueOf(view.text, draft) })),
    ...inside,
  ])
  return {
    spotted: spotted.map((one) => ({
      ...one,
      start: view.startOf(one.start),
      end: view.endOf(one.end),
    })),
    failed,
  }
}

/** One reading of the digit runs for all detectors that want them. */
function runNumbers(
  scan: Scan,
  wanting: readonly Detector[],
  found: Found,
  failed: string[],
): void {
  if (scan.runs.numbers.length === 0 || wanting.length === 0) return
  readNumbers(scan.text, scan.runs.numbers, scan.steps, (run) => {
    for (const detector of wanting) {
      try {
        detector.number?.(scan, run, found)
      } catch {
        failed.push(detector.id)
      }
    }
    scan.steps.spend(4 * wanting.length)
  })
}

const valueOf = (text: string, draft: Draft): string =>
  text
    .slice(draft.start, draft.end)
    .replaceAll(/[^\p{L}\d@]/gu, '')
    .toLowerCase()

function scanEncoded(
  scan: Scan,
  scanner: Scanner,
  steps: Steps,
  depth: number,
  failed: string[],
): readonly Spotted[] {
  const inside: Spotted[] = []
  const { tokens } = scan.runs
  let left = MOST_DECODED
  for (let i = 0; i + 1 < tokens.length && left > 0 && !steps.exhausted; i += 2) {
    const start = tokens[i] ?? 0
    const end = tokens[i + 1] ?? 0
    steps.spend(24)
    if (end - start > LONGEST_RUN) {
      failed.push(TOO_MUCH_ENCODED)
      continue
    }
    const decoded = decodeRun(scan.text.slice(start, end))
    if (decoded === undefined) continue
    left -= decoded.length
    if (left < 0) failed.push(TOO_MUCH_ENCODED)
    steps.spend(decoded.length)
    const scanned = scanText(decoded, '', scanner, steps, depth + 1)
    failed.push(...scanned.failed)
    for (const one of scanned.spotted) inside.push({ ...one, start, end })
  }
  return inside
}

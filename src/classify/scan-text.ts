import { rereadings } from './normalise/misread-digits.ts'
import { viewOf } from './normalise/view.ts'
import { outsideMedia, scanEncoded } from './scan-encoded.ts'
import type { Detector, Draft, Found } from './scan/detector.ts'
import { withoutGuesses } from './scan/guesses.ts'
import type { Lexicon } from './scan/lexicon.ts'
import { type NearIndex, nearIndex, runNear } from './scan/near-index.ts'
import { readNumbers } from './scan/numbers.ts'
import { resolveOverlaps } from './scan/overlaps.ts'
import { Scan } from './scan/scan.ts'
import { LOW } from './scan/score.ts'
import { ALNUM, KIND } from './scan/symbols.ts'
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
  if (depth === 0) rescanMisread(scan, scanner, found)
  const rescan = (inner: string): ScannedText => scanText(inner, '', scanner, steps, depth + 1)
  const inside = scanEncoded(scan, depth, rescan, failed)
  const resolved = resolveOverlaps<Spotted>([
    ...outsideMedia(withoutGuesses(drafts), inside.media).map((draft) => ({
      ...draft,
      value: valueOf(view.text, draft),
    })),
    ...inside.first,
  ])
  const spotted =
    inside.others.size === 0
      ? resolved
      : resolved.flatMap((one) => [one, ...(inside.others.get(one) ?? [])])
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

/** Deeper than anything decoded: what is reread is not decoded again. */
const REREAD_DEPTH = 9

/** Less sure than the same number written in digits. */
const A_LITTLE = 0.01

/** Numbers in which letters were read for digits count only beside a word that names them, and a little less. */
function rescanMisread(scan: Scan, scanner: Scanner, found: Found): void {
  for (const { text, from, changed } of rereadings(scan.text, scan.runs.numbers)) {
    if (scan.steps.exhausted) return
    const { spotted } = scanText(text, '', scanner, scan.steps, REREAD_DEPTH)
    for (const { type, rule, start, end, confidence, because, country } of spotted) {
      const isNamed = because.some(({ kind }) => kind === 'keyword' || kind === 'key')
      if (!isNamed || !changed.some((at) => at >= start && at < end)) continue
      const draft = { type, rule, start: start + from, end: end + from, because }
      const less = { ...draft, confidence: confidence - A_LITTLE }
      found(country === undefined ? less : { ...less, country })
    }
  }
}

function valueOf(text: string, { start, end }: Draft): string {
  let value = ''
  let from = start
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= LATIN) return valueOfAny(text.slice(start, end))
    if (unit === AT_SIGN || ((KIND[unit] ?? 0) & ALNUM) !== 0) continue
    value += text.slice(from, at)
    from = at + 1
  }
  return (value + text.slice(from, end)).toLowerCase()
}

const AT_SIGN = 64
/** The table of kinds knows all letters before this unit. */
const LATIN = 0x250

const valueOfAny = (text: string): string => text.replaceAll(/[^\p{L}\d@]/gu, '').toLowerCase()

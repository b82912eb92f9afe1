import type { Detector, Found } from './detector.ts'
import { findNear, type NearRule } from './find-near.ts'
import type { Scan } from './scan.ts'

interface Owned {
  readonly rule: NearRule
  /** Id of the detector it belongs to. */
  readonly detector: string
}

/** Rules by the group of words that calls them: one that is not called costs nothing. */
export type NearIndex = ReadonlyMap<string, readonly Owned[]>

/** The rules of all detectors, in the order of the detectors. */
export const nearIndex = (detectors: readonly Detector[]): NearIndex =>
  Map.groupBy(
    detectors.flatMap(({ id, near }) => (near ?? []).map((rule) => ({ rule, detector: id }))),
    ({ rule }) => rule.group,
  )

/** Runs the rules whose words stand in the text or in the name of its field; a rule that throws is told by its detector. */
export function runNear(scan: Scan, index: NearIndex, found: Found, failed: string[]): void {
  for (const group of scan.groups()) {
    for (const { rule, detector } of index.get(group) ?? []) {
      if (scan.steps.exhausted) return
      try {
        findNear(scan, rule, found)
      } catch {
        // the error may hold text: only the detector's id is kept
        failed.push(detector)
      }
    }
  }
}

import { findAlone, isAlone, mayBeAlone } from './alone.ts'
import type { Detector, Found } from './detector.ts'
import { findNear, type NearRule } from './find-near.ts'
import type { Scan } from './scan.ts'

interface Owned {
  readonly rule: NearRule
  /** Id of the detector it belongs to. */
  readonly detector: string
}

/** Rules by the group of words that calls them: one that is not called costs nothing. */
export interface NearIndex {
  readonly byGroup: ReadonlyMap<string, readonly Owned[]>
  /** Those that also read a text which is a value and nothing else. */
  readonly alone: readonly Owned[]
}

/** The rules of all detectors, in the order of the detectors. */
export function nearIndex(detectors: readonly Detector[]): NearIndex {
  const all = detectors.flatMap(({ id, near }) =>
    (near ?? []).map((rule): Owned => ({ rule, detector: id })),
  )
  return {
    byGroup: Map.groupBy(all, ({ rule }) => rule.group),
    alone: all.filter(({ rule }) => isAlone(rule)),
  }
}

/** Runs the rules whose words stand in the text or in the name of its field; a rule that throws is told by its detector. */
export function runNear(scan: Scan, index: NearIndex, found: Found, failed: string[]): void {
  for (const group of scan.groups()) {
    for (const owned of index.byGroup.get(group) ?? []) run(scan, owned, findNear, found, failed)
  }
  if (!mayBeAlone(scan)) return
  for (const owned of index.alone) run(scan, owned, aloneOf, found, failed)
}

const aloneOf = (scan: Scan, rule: NearRule, found: Found): void => {
  if (isAlone(rule)) findAlone(scan, rule, found)
}

function run(
  scan: Scan,
  { rule, detector }: Owned,
  search: (scan: Scan, rule: NearRule, found: Found) => void,
  found: Found,
  failed: string[],
): void {
  if (scan.steps.exhausted) return
  try {
    search(scan, rule, found)
  } catch {
    // the error may hold text: only the detector's id is kept
    failed.push(detector)
  }
}

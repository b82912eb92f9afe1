import {
  combineLabels,
  UNDETERMINED,
  type DataClass,
  type Finding,
  type Label,
} from '#kernel/label.ts'
import { DEFAULT_CLASSES, type ClassTable } from './data/classes.ts'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { isLargeText, NOT_YET, type ScansElsewhere } from './elsewhere.ts'
import { scanJoins, type Joined } from './joins.ts'
import { labelOf, type Valued } from './label-of.ts'
import type { ClassificationMemo } from './memo.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { fieldName } from './part.ts'
import { ownTermsDetector } from './own-terms/detect-own.ts'
import { withOwnClasses } from './own-terms/own-classes.ts'
import type { OwnTermsSource } from './own-terms/own-terms.ts'
import { recallOf } from './recall.ts'
import { scanWhole } from './scan-blocks.ts'
import { type ScannedText, type Scanner, scannerOf, type Spotted } from './scan-text.ts'
import type { Detector } from './scan/detector.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'

export type { ClassTable } from './data/classes.ts'

/** The label of a request and the findings that explain it. */
export interface Classified {
  readonly label: Label
  readonly findings: readonly Finding[]
}

export interface ClassifyOptions {
  /** The class of a text in which nothing is found. */
  readonly floor: DataClass
  /** Steps of work, never time; beyond it the request is undetermined. 2,000,000,000 unless told (a body of 64 MiB takes about a tenth). */
  readonly stepBudget?: number
  /** What findings mean for this request; the table the classifier was made with unless told. */
  readonly table?: ClassTable
  /** Whose memory of earlier texts may be used; none when absent. */
  readonly tenant?: string
  /** Scans of large texts that are made elsewhere; without it every text is scanned here and now. */
  readonly elsewhere?: ScansElsewhere
}

export type Classify = (parts: readonly TextPart[], options: ClassifyOptions) => Classified

/** As many as take some tens of seconds. */
export const STEP_BUDGET = 2_000_000_000

/** A classifier with its automata built once; `table` says what findings mean, `own` what the company has told of itself. Never throws on any text. */
export function createClassifier(
  table: ClassTable = DEFAULT_CLASSES,
  memo: ClassificationMemo | null = null,
  own: OwnTermsSource | null = null,
): Classify {
  return createClassifierOf(DETECTORS, table, memo, own)
}

/** The same over a chosen list of detectors. */
export function createClassifierOf(
  chosen: readonly Detector[],
  table: ClassTable,
  memo: ClassificationMemo | null = null,
  own: OwnTermsSource | null = null,
): Classify {
  const detectors = own === null ? chosen : [...chosen, ownTermsDetector(own)]
  const lexicon = buildLexicon(literalGroups(detectors))
  const whole = scannerOf(detectors, lexicon)
  const seams = scannerOf(
    detectors.filter((one) => one.acrossParts),
    lexicon,
  )
  const large = scanLargeWith(detectors, whole, () => own?.current?.version !== '')
  return (parts, { floor, stepBudget = STEP_BUDGET, tenant, elsewhere, table: asked = table }) => {
    const steps = new Steps(stepBudget)
    const ownTerms = own?.current ?? null
    const usable = tenant === undefined ? null : memo
    const recall = recallOf(usable, tenant ?? '', steps, ownTerms?.version)
    const found: Valued[] = []
    const doubts: Finding[] = []
    parts.forEach((part, index) => {
      if (part.kind === 'unreadable') doubts.push(doubt('unreadable-part', index))
      if (part.kind === 'unreadable' || steps.exhausted) return
      const { spotted, failed } = recall.part(part, index, () =>
        elsewhere !== undefined && isLargeText(part)
          ? large(part, elsewhere, index, steps)
          : scanWhole(part.text, fieldName(part.path), whole, steps),
      )
      for (const one of spotted) found.push(valued(one, index))
      for (const id of failed) doubts.push(doubt(`detector-failed-${id}`, index))
    })
    const joined = scanJoins(parts, seams, steps, recall)
    addJoined(found, joined.spotted)
    for (const id of joined.failed) doubts.push(doubt(`detector-failed-${id}`, 0))
    if (steps.exhausted) doubts.push(doubt('step-budget', 0))
    const label = labelOf(found, withOwnClasses(asked, ownTerms), floor)
    const findings = [...found.map(({ finding }) => finding), ...doubts]
    return { label: doubts.length > 0 ? combineLabels(label, UNDETERMINED) : label, findings }
  }
}

/** How a large text is scanned with help: elsewhere they know the detectors of every classifier, and no others; those are asked here while `isAsked`. */
function scanLargeWith(detectors: readonly Detector[], whole: Scanner, isAsked: () => boolean) {
  const own = detectors.filter((one) => !DETECTORS.includes(one))
  const isHelped = DETECTORS.every((one) => detectors.includes(one))
  const here = scannerOf(own, whole.lexicon)
  return (part: TextPart, elsewhere: ScansElsewhere, index: number, steps: Steps): ScannedText => {
    const key = fieldName(part.path)
    if (!isHelped) return scanWhole(part.text, key, whole, steps)
    const taken = elsewhere.take(index, steps)
    if (own.length === 0 || !isAsked() || taken.failed.includes(NOT_YET)) return taken
    const { spotted, failed } = scanWhole(part.text, key, here, steps)
    return { spotted: [...taken.spotted, ...spotted], failed: [...taken.failed, ...failed] }
  }
}

/** A seam shows again what a part already shows; only what crosses it is new. */
function addJoined(found: Valued[], spotted: readonly Joined[]): void {
  if (spotted.length === 0) return
  const byPart = Map.groupBy(found, ({ finding }) => finding.part)
  for (const one of spotted) {
    const known = byPart.get(one.part) ?? []
    byPart.set(one.part, known)
    if (!isNew(one, known)) continue
    const { finding, value } = valued(one, one.part)
    const fresh = one.rest ? { finding: { ...finding, rest: one.rest }, value } : { finding, value }
    known.push(fresh)
    found.push(fresh)
  }
}

/** Why a request is undetermined: the id of what failed, and nothing else. */
export const doubt = (rule: string, part: number): Finding => ({
  type: 'UNDETERMINED',
  rule,
  part,
  start: 0,
  end: 0,
  confidence: 1,
  because: [],
})

/** A finding with its place and its value. */
export function valued(one: Spotted, part: number): Valued {
  const { type, rule, start, end, confidence, because, country, value } = one
  const finding = { type, rule, part, start, end, confidence, because }
  return { finding: country === undefined ? finding : { ...finding, country }, value }
}

/** Nothing of the same type is known there already. */
const isNew = (one: Spotted, found: readonly Valued[]): boolean =>
  !found.some(
    ({ finding, value }) =>
      finding.type === one.type &&
      finding.start < one.end &&
      finding.end > one.start &&
      (value === one.value || finding.confidence >= one.confidence),
  )

import type { Finding, Label } from '#kernel/label.ts'
import { doubt, STEP_BUDGET, valued } from './classify.ts'
import { DEFAULT_CLASSES, type ClassTable } from './data/classes.ts'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { scanBlock } from './scan-blocks.ts'
import { ownTermsDetector } from './own-terms/detect-own.ts'
import { withOwnClasses } from './own-terms/own-classes.ts'
import type { OwnTermsSource } from './own-terms/own-terms.ts'
import type { Detector } from './scan/detector.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'
import { type Scanner, scannerOf } from './scan-text.ts'
import { type BlockSizes, LARGE_BLOCKS, seamAfter, SMALL_BLOCKS } from './seams.ts'
import { emptyTally, labelOfTally, type Tally, withTally } from './tally.ts'

/** A text that arrives in pieces: what is still held, and what has been found. */
export interface StreamState {
  /** Held text; what stands before `from` is context only. */
  readonly held: string
  /** Offset of `held` in the whole text. */
  readonly offset: number
  /** Where in `held` the next block begins. */
  readonly from: number
  readonly steps: number
  readonly doubts: readonly string[]
  readonly tally: Tally
}

export interface StreamEvents {
  /** New findings, offsets in the whole text. */
  readonly findings: readonly Finding[]
  /** Text before this offset is settled: every finding that begins in it has been told. */
  readonly settled: number
}

export interface StreamClassifier {
  readonly start: StreamState
  /** Takes a piece; `isEnd` says that it is the last. The same findings whatever the pieces. */
  step(state: StreamState, chunk: string, isEnd: boolean): readonly [StreamState, StreamEvents]
  /** The label of what has been read; of the whole text after the last piece. */
  label(state: StreamState): { readonly label: Label; readonly doubts: readonly Finding[] }
}

export interface StreamOptions {
  readonly floor: Label['class']
  /** At rest: large blocks, what is held is a window of 128 kB. live: a few lines are held back. */
  readonly pace: 'at-rest' | 'live'
  readonly stepBudget?: number
  readonly table?: ClassTable
  readonly detectors?: readonly Detector[]
  /** What the company has told of itself; null or absent for none. */
  readonly own?: OwnTermsSource | null
  readonly sizes?: BlockSizes
}

/** Classifies a text piece by piece, in bounded memory; open keys and runs of base64 are held until they end or are too long. */
export function createStreamClassifier(options: StreamOptions): StreamClassifier {
  const { floor, pace, stepBudget = STEP_BUDGET, table = DEFAULT_CLASSES } = options
  const { detectors: chosen = DETECTORS, own = null } = options
  const { sizes = pace === 'live' ? SMALL_BLOCKS : LARGE_BLOCKS } = options
  const detectors = own === null ? chosen : [...chosen, ownTermsDetector(own)]
  const scanner = scannerOf(detectors, buildLexicon(literalGroups(detectors)))
  return {
    start: { held: '', offset: 0, from: 0, steps: 0, doubts: [], tally: emptyTally() },
    step(state, chunk, isEnd) {
      let next: StreamState = { ...state, held: state.held + chunk }
      const findings: Finding[] = []
      for (;;) {
        const seam = nextSeam(next, sizes, isEnd)
        if (seam === undefined) break
        next = scanned(next, seam, sizes, scanner, stepBudget, findings)
      }
      return [next, { findings, settled: next.offset + next.from }]
    },
    label({ tally, doubts }) {
      const findings = doubts.map((rule) => doubt(rule, 0))
      const meaning = withOwnClasses(table, own?.current ?? null)
      return { label: labelOfTally(tally, meaning, floor, doubts.length > 0), doubts: findings }
    },
  }
}

interface Cut {
  readonly at: number
  readonly isForced: boolean
}

function nextSeam(state: StreamState, sizes: BlockSizes, isEnd: boolean): Cut | undefined {
  const { held, from, offset } = state
  if (from === held.length) return undefined
  const isFirst = offset === 0 && from === 0
  if (isFirst && held.length <= sizes.whole) {
    return isEnd ? { at: held.length, isForced: false } : undefined
  }
  // asked before anything is read: a chunk that completes no block costs nothing
  if (!isEnd && held.length - from < sizes.block + sizes.after) return undefined
  const seam = seamAfter(held, from, sizes, isEnd)
  return seam.kind === 'unknown' ? undefined : { at: seam.at, isForced: seam.kind === 'forced' }
}

/** Scans the block up to the seam, and lets go of what no later block looks back to. */
function scanned(
  state: StreamState,
  { at, isForced }: Cut,
  sizes: BlockSizes,
  scanner: Scanner,
  stepBudget: number,
  findings: Finding[],
): StreamState {
  const { held, offset, from } = state
  const steps = new Steps(stepBudget - state.steps)
  const doubts = new Set(state.doubts)
  let { tally } = state
  if (!doubts.has('step-budget')) {
    const block = { from, to: at, isForced }
    const { spotted, failed } = scanBlock(held, '', block, sizes, scanner, steps)
    const found = spotted.map((one) =>
      valued({ ...one, start: one.start + offset, end: one.end + offset }, 0),
    )
    for (const { finding } of found) findings.push(finding)
    tally = withTally(tally, found)
    for (const id of failed) doubts.add(`detector-failed-${id}`)
    if (steps.exhausted) doubts.add('step-budget')
  }
  const cut = Math.max(0, at - sizes.before)
  return {
    held: held.slice(cut),
    offset: offset + cut,
    from: at - cut,
    steps: state.steps + steps.spent,
    doubts: [...doubts],
    tally,
  }
}

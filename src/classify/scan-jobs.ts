import { DETECTORS, literalGroups } from './detectors/list.ts'
import type { ScannedElsewhere } from './elsewhere.ts'
import { type Block, blocksOf, scanBlock } from './scan-blocks.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'
import { scannerOf, type Spotted } from './scan-text.ts'
import { LARGE_BLOCKS } from './seams.ts'

/** Some blocks of a large text, as plain data: another thread can scan them. */
export interface ScanJob {
  /** The blocks with what is read before and after them. */
  readonly text: string
  /** Places in `text`. */
  readonly blocks: readonly Block[]
  /** Name of the field that holds the text. */
  readonly key: string
  readonly stepBudget: number
}

/** Scans one job; offsets are those of its text. Never rejects. */
export type RunScanJob = (job: ScanJob) => Promise<ScannedElsewhere>

/** Blocks of one job: enough that a message is worth its copy, and that several threads share a text. */
const BLOCKS_PER_JOB = 8

/** A function that scans jobs with the detectors of every classifier. */
export function createJobScanner(): (job: ScanJob) => ScannedElsewhere {
  const scanner = scannerOf(DETECTORS, buildLexicon(literalGroups(DETECTORS)))
  return ({ text, blocks, key, stepBudget }) => {
    const steps = new Steps(stepBudget)
    const spotted: Spotted[] = []
    const failed = new Set<string>()
    for (const block of blocks) {
      if (steps.exhausted) break
      const scanned = scanBlock(text, key, block, LARGE_BLOCKS, scanner, steps)
      for (const one of scanned.spotted) spotted.push(one)
      for (const id of scanned.failed) failed.add(id)
    }
    return { spotted, failed: [...failed], steps: steps.spent }
  }
}

/** Scans a large text as jobs, wherever they run, and puts together what they found. */
export async function scanInJobs(
  text: string,
  key: string,
  stepBudget: number,
  run: RunScanJob,
): Promise<ScannedElsewhere> {
  const pending: Promise<{ readonly offset: number; readonly scanned: ScannedElsewhere }>[] = []
  for (const { offset, job } of jobsOf(text, key, stepBudget)) {
    pending.push(run(job).then((scanned) => ({ offset, scanned })))
  }
  const spotted: Spotted[] = []
  const failed = new Set<string>()
  let steps = 0
  for (const { offset, scanned } of await Promise.all(pending)) {
    steps += scanned.steps
    for (const id of scanned.failed) failed.add(id)
    for (const one of scanned.spotted) {
      spotted.push({ ...one, start: one.start + offset, end: one.end + offset })
    }
  }
  return { spotted, failed: [...failed], steps }
}

function* jobsOf(
  text: string,
  key: string,
  stepBudget: number,
): Generator<{ readonly offset: number; readonly job: ScanJob }> {
  let group: Block[] = []
  for (const block of blocksOf(text)) {
    group.push(block)
    if (group.length < BLOCKS_PER_JOB && block.to < text.length) continue
    const offset = Math.max(0, (group[0]?.from ?? 0) - LARGE_BLOCKS.before)
    const blocks = group.map(({ from, to, isForced }) => ({
      from: from - offset,
      to: to - offset,
      isForced,
    }))
    const piece = text.slice(offset, block.to + LARGE_BLOCKS.after)
    yield { offset, job: { text: piece, blocks, key, stepBudget } }
    group = []
  }
}

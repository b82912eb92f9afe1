import { type ScannedText, type Scanner, scanText, type Spotted } from './scan-text.ts'
import type { Steps } from './scan/steps.ts'
import { type BlockSizes, LARGE_BLOCKS, seamAfter } from './seams.ts'

/** A block that had to be cut where something may have been hidden: named like a failed detector. */
export const CUT_BLOCK = 'cut-block'

/** A stretch [from, to) of a text that is scanned on its own. */
export interface Block {
  readonly from: number
  readonly to: number
  readonly isForced: boolean
}

/** The blocks of a text that is all there. */
export function* blocksOf(text: string, sizes: BlockSizes = LARGE_BLOCKS): Generator<Block> {
  if (text.length <= sizes.whole) return yield { from: 0, to: text.length, isForced: false }
  for (let from = 0; from < text.length;) {
    const seam = seamAfter(text, from, sizes, true)
    const to = seam.kind === 'unknown' ? text.length : seam.at
    yield { from, to, isForced: seam.kind === 'forced' }
    from = to
  }
}

/** What begins in one block, its neighbourhood read with it. */
export function scanBlock(
  text: string,
  key: string,
  { from, to, isForced }: Block,
  { before, after }: BlockSizes,
  scanner: Scanner,
  steps: Steps,
): ScannedText {
  const start = Math.max(0, from - before)
  const scanned = scanText(text.slice(start, to + after), key, scanner, steps)
  const spotted: Spotted[] = []
  for (const one of scanned.spotted) {
    const at = one.start + start
    if (at >= from && at < to) spotted.push({ ...one, start: at, end: one.end + start })
  }
  return { spotted, failed: isForced ? [...scanned.failed, CUT_BLOCK] : scanned.failed }
}

/** Finds everything in a text of any size: a large one block by block, so that memory stays level. */
export function scanWhole(
  text: string,
  key: string,
  scanner: Scanner,
  steps: Steps,
  sizes: BlockSizes = LARGE_BLOCKS,
): ScannedText {
  if (text.length <= sizes.whole) return scanText(text, key, scanner, steps)
  const spotted: Spotted[] = []
  const failed = new Set<string>()
  for (const block of blocksOf(text, sizes)) {
    if (steps.exhausted) break
    const scanned = scanBlock(text, key, block, sizes, scanner, steps)
    for (const one of scanned.spotted) spotted.push(one)
    for (const id of scanned.failed) failed.add(id)
  }
  return { spotted, failed: [...failed] }
}

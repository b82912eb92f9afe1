import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { readTail } from './tail.ts'

/** Boxes at a post office, and the numbers that armies give instead of streets. */
export const BOXES: LiteralGroup = {
  name: 'postal-box',
  standing: 'word',
  words:
    'p.o. box|po box|p.o.box|post office box|boîte postale|bp|postfach|postbus|apartado|casella postale'.split(
      '|',
    ),
}

const NUMBER = /(?: n°)?:? ?\d{1,6}(?![\d.,]\d|\p{L})/uy

/** A box and its number; a bare "BP" counts only with a postcode behind it. */
export function findBoxes(scan: Scan, found: Found): void {
  const boxes = scan.hits(BOXES.name)
  for (let i = 0; i < boxes.length && !scan.steps.exhausted; i++) {
    scan.steps.spend(80)
    NUMBER.lastIndex = boxes.ends[i] ?? 0
    if (!NUMBER.test(scan.text)) continue
    const { end, full } = readTail(scan.text, NUMBER.lastIndex)
    if (boxes.words[i] === 'bp' && !full) continue
    found({
      type: 'LOCATION',
      rule: 'address-box',
      start: boxes.starts[i] ?? 0,
      end,
      confidence: full ? 0.85 : 0.65,
      because: [{ kind: 'shape' }, { kind: 'keyword', keyword: boxes.words[i] ?? 'po box' }],
    })
  }
}

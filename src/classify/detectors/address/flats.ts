import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { readTail } from './tail.ts'

/** Parts of a building that have a number: what stands on the line before is a street, whatever its language. */
export const FLATS: LiteralGroup = {
  name: 'flat',
  standing: 'word',
  words: 'apt.|apt|apartment|suite|flat|appartement|wohnung|apto.|psc'.split('|'),
}

const NUMBER =
  /:? ?#?(?:\d{2,5}[A-Za-z]?|\d[A-Za-z]|[A-Z]-?\d{1,4})(?:, (?:Box|BOX) \d{1,6})?(?![\p{L}\d])/uy
const STREET_BEFORE =
  /(?:\d{1,5} )?(?:C\/ ?)?\p{L}[\p{L}.'’-]{2,24}(?: [\p{L}.'’-]{1,24}){0,4} \d{1,5}[A-Za-z]?\.?,?\s{1,4}$/u
const LOOK_BACK = 90
const SAID_ONLY = 0.48

/** "Laukaantie 80, Apt. 30, Kokkola": a street by the flat after it; a flat by itself is said only. */
export function findFlats(scan: Scan, found: Found): void {
  const { text } = scan
  const flats = scan.hits(FLATS.name)
  for (let i = 0; i < flats.length && !scan.steps.exhausted; i++) {
    const at = flats.starts[i] ?? 0
    NUMBER.lastIndex = flats.ends[i] ?? 0
    scan.steps.spend(8)
    if (!NUMBER.test(text)) continue
    scan.steps.spend(2 * LOOK_BACK)
    const before = STREET_BEFORE.exec(text.slice(Math.max(0, at - LOOK_BACK), at))
    const { end, full } = readTail(text, NUMBER.lastIndex)
    const start = before === null ? at : at - before[0].length
    // "suite 365" is an office package, a sequel, a series
    if (before === null && !full && /^s/i.test(text[at] ?? '')) continue
    found({
      type: 'LOCATION',
      rule: 'address-flat',
      start,
      end,
      confidence: full ? 0.85 : before === null ? SAID_ONLY : 0.65,
      because: [{ kind: 'shape' }, { kind: 'keyword', keyword: flats.words[i] ?? 'apt' }],
    })
  }
}

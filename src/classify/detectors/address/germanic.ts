import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { readTail } from './tail.ts'

/** Endings of the names of streets: German, Dutch, Scandinavian. */
export const GERMANIC_STREETS: LiteralGroup = {
  name: 'street-de',
  standing: 'part',
  words:
    'strasse|straße|str.|weg|platz|allee|gasse|damm|ufer|straat|laan|plein|gracht|kade|gatan|vägen|vej|veien|gade|gata'.split(
      '|',
    ),
}

const HEAD =
  /(?:\p{Lu}[\p{L}.-]{0,24} (?:(?:van|de|der|den) ){0,2}){0,3}(?:\p{Lu}[\p{L}-]{0,24})?$/u
const HOUSE = / \d{1,4} ?(?:[a-hA-H](?!\p{L}))?(?:[-/]\d{1,4})?(?![\d.,]\d|\p{L})/uy

/** "Lindenweg 5a, 10115 Berlin", "Keizersgracht 12, 1015 CX Amsterdam": the number stands after the name. */
export function findGermanic(scan: Scan, found: Found): void {
  const { text } = scan
  const streets = scan.hits(GERMANIC_STREETS.name)
  for (let i = 0; i < streets.length && !scan.steps.exhausted; i++) {
    const at = streets.starts[i] ?? 0
    scan.steps.spend(8)
    HOUSE.lastIndex = streets.ends[i] ?? 0
    if (text[HOUSE.lastIndex] !== ' ' || !HOUSE.test(text)) continue
    const house = HOUSE.lastIndex
    const head = HEAD.exec(text.slice(Math.max(0, at - 60), at))?.[0] ?? ''
    scan.steps.spend(160)
    const own = /\p{Lu}/u.test(text[at] ?? '')
    if (head === '' && !own) continue
    const { end, full } = readTail(text, house)
    const start = at - head.length
    // "Weg 5" alone is a step of a list more often than a street
    if (head.trim().length < 3 && !full) continue
    found({
      type: 'LOCATION',
      rule: 'address-de',
      start,
      end,
      confidence: full ? 0.9 : 0.65,
      because: [{ kind: 'shape' }, { kind: 'keyword', keyword: streets.words[i] ?? 'strasse' }],
    })
  }
}

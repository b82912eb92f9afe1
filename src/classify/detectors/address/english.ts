import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { readTail } from './tail.ts'

export const ENGLISH_STREETS: LiteralGroup = {
  name: 'street-en',
  standing: 'word',
  words:
    'street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|square|sq|terrace|crescent|close|gardens|parkway|pkwy|highway|hwy|circle|trail|row|mews|grove|hill|walk|green|alley|quay|wharf|heights|plaza|pike|loop|run|path'.split(
      '|',
    ),
}

const BEFORE =
  /(?<![\d.,/-])\d{1,5}[A-Za-z]?(?:[/-]\d{1,4})?,? (?:(?:N|S|E|W|North|South|East|West|Old|New|St\.?)\.? )?(?:(?:\p{Lu}[\p{L}'’.-]{1,20}|\d{1,3}(?:st|nd|rd|th)) ){1,3}$/u

/** Number, name, street type with a capital; town and postcode when they follow. */
export function findEnglish(scan: Scan, found: Found): void {
  const { text } = scan
  const streets = scan.hits(ENGLISH_STREETS.name)
  for (let i = 0; i < streets.length && !scan.steps.exhausted; i++) {
    const at = streets.starts[i] ?? 0
    scan.steps.spend(20)
    if (!/\p{Lu}/u.test(text[at] ?? '')) continue
    const before = BEFORE.exec(text.slice(Math.max(0, at - 60), at))
    if (before === null) continue
    scan.steps.spend(160)
    const street = (streets.ends[i] ?? 0) + (text[streets.ends[i] ?? 0] === '.' ? 1 : 0)
    const { end, full } = readTail(text, street)
    found({
      type: 'LOCATION',
      rule: 'address-en',
      start: at - before[0].length,
      end,
      confidence: full ? 0.9 : 0.65,
      because: [{ kind: 'shape' }, { kind: 'keyword', keyword: streets.words[i] ?? 'street' }],
    })
  }
}

import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { readTail } from './tail.ts'

/** Types of streets that stand first and are numbered last: Italian, Spanish, Catalan, Portuguese, Polish. */
export const SOUTHERN_STREETS: LiteralGroup = {
  name: 'street-south',
  standing: 'word',
  words:
    'via|viale|piazza|piazzale|corso|vicolo|calle|c/|avenida|avda|avda.|plaza|paseo|camino|carrer|rua|travessa|praça|largo|ul.|ulica|al.|avenue|rue'.split(
      '|',
    ),
}

const NAME_AND_NUMBER =
  /\.? (?:(?:de|del|della|dei|degli|di|da|do|dos|das|la|las|los|el|san|santa|d['’]) ?){0,2}\p{Lu}[\p{L}'’.-]{1,24}(?: (?:de|del|della|di|da|do|dos|das|e|y|la|\p{Lu}[\p{L}'’.-]{0,24})){0,5},? (?:n[.°º]? ?)?\d{1,5}[A-Za-z]?(?![\d.,]\d|\p{L})/uy

/** "Via Garibaldi 12, 20121 Milano", "Calle Mayor 5". */
export function findSouthern(scan: Scan, found: Found): void {
  const { text } = scan
  const streets = scan.hits(SOUTHERN_STREETS.name)
  for (let i = 0; i < streets.length && !scan.steps.exhausted; i++) {
    const at = streets.starts[i] ?? 0
    scan.steps.spend(8)
    const polish = text[at] === 'u' || text[at] === 'a'
    if (!polish && !/\p{Lu}/u.test(text[at] ?? '')) continue
    NAME_AND_NUMBER.lastIndex = streets.ends[i] ?? 0
    if (!NAME_AND_NUMBER.test(text)) continue
    scan.steps.spend(160)
    const { end, full } = readTail(text, NAME_AND_NUMBER.lastIndex)
    found({
      type: 'LOCATION',
      rule: 'address-south',
      start: at,
      end,
      confidence: full ? 0.9 : 0.65,
      because: [{ kind: 'shape' }, { kind: 'keyword', keyword: streets.words[i] ?? 'via' }],
    })
  }
}

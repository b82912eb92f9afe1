import type { Word } from '../../names/capital-run.ts'
import {
  COMMON_FIRST,
  DICTIONARY,
  FIRST,
  kindsOf,
  KNOWN_PLACE,
  LAST,
  ORDINARY,
  ORGANISATION,
  PLACE,
  TRADE,
} from '../../names/gazetteer.ts'
import type { Found } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'

/** Said for masking and for those who read findings; too little to raise a class. */
const SAID_ONLY = 0.48
const LOOK_BACK = 16
/** Legal forms: what stands before them is a company whatever it is. */
const LEGAL_FORM =
  /^(?:SAS|SASU|SARL|SA|SNC|SCI|EURL|Inc|INC|Ltd|LTD|LLC|LLP|GmbH|AG|KG|BV|NV|Corp|Corporation|plc|PLC|SpA)$/

/** Prepositions before places, French, English, German. */
const IN =
  /(?:^|[\s(])(?:in|at|near|from|to|of|into|via|around|outside|between|across|toward|towards|à|a|en|de|du|d['’]|l['’]|vers|chez|près de|depuis|pour|la|aus|nach|bei|von|zu)[ ]?$/i

/** Tells capitals that are no person as an organisation or a place, where the lists and the word before agree. */
export function tellPlace(scan: Scan, words: readonly Word[], found: Found): void {
  const [head] = words
  const tail = words.at(-1)
  if (head === undefined || tail === undefined || head.initial) return
  if (words.length > 1 && ((tail.kinds | head.kinds) & ORGANISATION) !== 0) {
    const legal = LEGAL_FORM.test(scan.text.slice(tail.start, tail.end))
    const other = (tail.kinds & ORGANISATION) !== 0 ? head : tail
    const named =
      ((other.kinds & (FIRST | LAST | PLACE)) !== 0 && (other.kinds & ORDINARY) === 0) ||
      (other === tail && (head.kinds & TRADE) !== 0)
    if (legal || named) say(scan, head.start, tail.end, legal ? 0.6 : SAID_ONLY, found)
    return
  }
  const whole = words.length === 1 ? head.kinds : kindsOf(scan.text, head.start, tail.end)
  if ((whole & PLACE) === 0 || tail.end - head.start < 4) return
  const ambiguous = (whole & (FIRST | LAST | DICTIONARY)) !== 0
  const told = IN.test(scan.text.slice(Math.max(0, head.start - LOOK_BACK), head.start))
  const sure = (whole & KNOWN_PLACE) !== 0 && (whole & COMMON_FIRST) === 0
  const named = (whole & COMMON_FIRST) !== 0 && (whole & KNOWN_PLACE) === 0
  if (ambiguous && !sure && (!told || named)) return
  found({
    type: 'LOCATION',
    rule: 'place',
    start: head.start,
    end: tail.end,
    confidence: SAID_ONLY,
    because: [{ kind: 'shape' }],
  })
}

function say(scan: Scan, start: number, end: number, confidence: number, found: Found): void {
  scan.steps.spend(8)
  found({
    type: 'ORGANIZATION',
    rule: 'organisation',
    start,
    end,
    confidence,
    because: [{ kind: 'shape' }],
  })
}

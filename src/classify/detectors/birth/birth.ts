import type { Detector, Draft } from '../../scan/detector.ts'
import { findNear } from '../../scan/find-near.ts'
import type { Scan } from '../../scan/scan.ts'
import { isDigitAt } from '../../scan/symbols.ts'
import { AGE_WORDS, findAges } from './age.ts'

const MONTHS =
  'janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec'
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:er|st|nd|rd|th)?'
const YEAR = '(?:1[89]|20)\\d{2}'
const DATE = new RegExp(
  `(?<!\\d)(?:${DAY} ?[/.\\- ] ?(?:0?[1-9]|1[0-2]) ?[/.\\- ] ?(?:${YEAR}|\\d{2})|(?:0?[1-9]|1[0-2])/${DAY}/${YEAR}|${YEAR}[/.\\-](?:0[1-9]|1[0-2])[/.\\-](?:0[1-9]|[12]\\d|3[01])|${DAY} (?:of )?(?:${MONTHS})\\.?,? ${YEAR}|(?:${MONTHS})\\.? ${DAY},? ${YEAR})(?!\\d)`,
  'gi',
)

/** A date within reach of "né le", "date of birth" and their like, or in the line of someone's record; an age. */
export const birth: Detector = {
  id: 'birth-date',
  acrossParts: true,
  literals: [AGE_WORDS],
  find(scan, found) {
    findNear(
      scan,
      {
        type: 'DATE_TIME',
        rule: 'birth-date',
        group: 'birth',
        shape: DATE,
        confidence: 0.85,
        reach: 40,
        back: 4,
      },
      found,
    )
    findAges(scan, found)
    afterNames(scan, found)
  },
}

const AT = new RegExp(DATE.source, 'iy')
const NEAR = 40
/** Nobody is born later than the newest year that is told of grown people. */
const OF_THIS_CENTURY = /(?:19[2-9]\d|20[01]\d)/

/** "Rémi Rousseau, 8 décembre 1999, 06…": a whole date right after a name, between commas, brackets or tabs. */
function afterNames(scan: Scan, found: (draft: Draft) => void): void {
  const { text } = scan
  for (const at of scan.runs.numbers) {
    const sign = text[at - 2]
    const parted = (text[at - 1] === ' ' && (sign === ',' || sign === ';')) || text[at - 1] === '('
    if (!parted || !isDigitAt(text, at) || !scan.hasPerson(at - NEAR, at - 1)) continue
    scan.steps.spend(NEAR)
    AT.lastIndex = at
    const match = AT.exec(text)
    if (match === null || !OF_THIS_CENTURY.test(match[0])) continue
    if (!/^(?:[,;)\t\n]|$)/.test(text.slice(AT.lastIndex, AT.lastIndex + 1))) continue
    found({
      type: 'DATE_TIME',
      rule: 'birth-date',
      start: at,
      end: AT.lastIndex,
      confidence: 0.65,
      because: [{ kind: 'shape' }, { kind: 'person', how: 'name' }],
    })
  }
}

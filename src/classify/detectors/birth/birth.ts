import type { Detector } from '../../scan/detector.ts'
import { findNear } from '../../scan/find-near.ts'

const MONTHS =
  'janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec'
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:er|st|nd|rd|th)?'
const YEAR = '(?:1[89]|20)\\d{2}'
const DATE = new RegExp(
  `(?<!\\d)(?:${DAY} ?[/.\\- ] ?(?:0?[1-9]|1[0-2]) ?[/.\\- ] ?(?:${YEAR}|\\d{2})|(?:0?[1-9]|1[0-2])/${DAY}/${YEAR}|${YEAR}[/.\\-](?:0[1-9]|1[0-2])[/.\\-](?:0[1-9]|[12]\\d|3[01])|${DAY} (?:of )?(?:${MONTHS})\\.?,? ${YEAR}|(?:${MONTHS})\\.? ${DAY},? ${YEAR})(?!\\d)`,
  'gi',
)

/** A date within reach of "né le", "date of birth" and their like. */
export const birth: Detector = {
  id: 'birth-date',
  acrossParts: true,
  literals: [],
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
  },
}

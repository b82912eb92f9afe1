import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

/** Document numbers of ICAO Doc 9303 have nine characters at most; most states write one or two letters and six or seven digits. */
const RULES: readonly NearRule[] = [
  {
    type: 'PASSPORT',
    rule: 'passport',
    group: 'passport',
    shape: /(?<![A-Za-z\d-])(?:[A-Z]{2} ?\d{6,7}|[A-Z] ?\d{6})(?![A-Za-z\d-])/g,
    confidence: 0.65,
    reach: 40,
    back: 0,
  },
]

/** Passports of any state, after a word that says so; the states with a form of their own have rules of their own. */
export const passport: Detector = {
  id: 'passport',
  acrossParts: true,
  literals: [
    {
      name: 'passport',
      standing: 'stem',
      words:
        'passport|passport number|passport no|passport id|passeport|numéro de passeport|pasaporte|reisepass|passnummer|passaporto|paspoort|passaporte|pasaport|paszport'.split(
          '|',
        ),
    },
  ],
  near: RULES,
}

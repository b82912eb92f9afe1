import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

/** Decree 828 of 8 July 1997 (RU): series of 4 digits, number of 6; Ukraine's booklet: 2 letters and 6 digits. Document numbers of ICAO Doc 9303 have nine characters at most; most states write one or two letters and six or seven digits. */
const RULES: readonly NearRule[] = [
  {
    type: 'PASSPORT',
    rule: 'passport',
    group: 'passport',
    shape: /(?<![A-Za-z\d-])(?:[A-ZА-ЯІЇЄ]{2} ?\d{6,7}|[A-Z] ?\d{6})(?![A-Za-z\d-])/g,
    confidence: 0.65,
    reach: 40,
    back: 0,
  },
  {
    type: 'PASSPORT',
    rule: 'passport-ru',
    group: 'passport-ru',
    shape: /(?<![\p{L}\d-])\d{2} ?\d{2} ?(?:№|N[oº°]?\.?)? ?\d{6}(?![\p{L}\d-])/gu,
    confidence: 0.8,
    reach: 40,
    back: 0,
    country: 'RU',
  },
  {
    type: 'PASSPORT',
    rule: 'passport-ua',
    group: 'passport-ru',
    shape: /(?<![\p{L}\d-])[А-ЯІЇЄҐA-Z]{2} ?(?:№ ?)?\d{6}(?![\p{L}\d-])/gu,
    confidence: 0.75,
    reach: 40,
    back: 0,
    country: 'UA',
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
        'passport|passport number|passport no|passport id|passeport|numéro de passeport|pasaporte|reisepass|passnummer|passaporto|paspoort|passaporte|pasaport|paszport|διαβατήριο|διαβατηρίου|αριθμός διαβατηρίου'.split(
          '|',
        ),
    },
    {
      name: 'passport-ru',
      standing: 'word',
      words:
        'паспорт|паспорта|паспорту|паспортом|паспорте|паспортные данные|загранпаспорт|загранпаспорта|серия и номер|серия паспорта|серія паспорта|russian passport|ukrainian passport|passeport russe|passeport ukrainien'.split(
          '|',
        ),
    },
  ],
  near: RULES,
}

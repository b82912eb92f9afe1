import { codiceFiscale } from '../../checks/italian.ts'
import { vatCheck } from '../../checks/vat.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { readCode } from '../../scan/read-code.ts'
import { isDigitAt } from '../../scan/symbols.ts'
import { weigh } from '../../scan/score.ts'

const CODE = 'control letter mod 26'

const RULES: readonly NearRule[] = [
  {
    type: 'IT_FISCAL_CODE',
    rule: 'it-fiscal-code',
    group: 'it-code',
    shape:
      /(?<![A-Za-z\d])[A-Z]{3} ?[A-Z]{3} ?[\dLMNP-V]{2} ?[A-Z] ?[\dLMNP-V]{2} ?[A-Z] ?[\dLMNP-V]{3} ?[A-Z](?![A-Za-z\d])/gi,
    check: codiceFiscale,
    checkName: CODE,
    confidence: 0.97,
    alone: 0.85,
  },
  {
    type: 'VAT_NUMBER',
    rule: 'it-partita-iva',
    group: 'it-vat',
    shape: /(?<![A-Za-z\d])\d{8}[ _]?\d{3}(?![A-Za-z\d])/g,
    check: (compact) => vatCheck('IT', compact),
    checkName: 'Luhn',
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'IT_ID_CARD',
    rule: 'it-id-card',
    group: 'it-id',
    shape:
      /(?<![A-Za-z\d])(?:[A-Z]{2} ?\d{5} ?[A-Z]{2}|[A-Z]{2} ?\d{7}|\d{7} ?[A-Z]{2})(?![A-Za-z\d])/gi,
    confidence: 0.85,
    alone: 0.45,
  },
  {
    type: 'IT_PASSPORT',
    rule: 'it-passport',
    group: 'it-passport',
    shape: /(?<![A-Za-z\d])[A-Z]{2} ?\d{7}(?![A-Za-z\d])/gi,
    confidence: 0.8,
  },
  {
    type: 'IT_DRIVER_LICENSE',
    rule: 'it-driving-licence',
    group: 'it-licence',
    shape: /(?<![A-Za-z\d])(?:[A-Z]{2}\d{7}[A-Z]|U1[BCDFGHJ-NPRSTUWXYZ\d]{7}[A-Z])(?![A-Za-z\d])/gi,
    confidence: 0.85,
    alone: 0.45,
  },
]

/** Italian numbers: codice fiscale with its control letter anywhere; partita IVA, identity card, passport and driving licence beside their names (D.M. 23 December 1976; Agenzia delle Entrate; Ministero dell'Interno). */
export const italy: Detector = {
  id: 'it-identity',
  acrossParts: true,
  literals: [
    keywords(
      'it-code',
      'codice fiscale|cod. fisc|cod.fisc|cod fiscale|c.f|cf|fiscal code|tax code|code fiscal|italian tax code|code fiscal italien',
    ),
    keywords('it-vat', 'partita iva|p.iva|p. iva|piva|p.i|iva|italian vat|tva italienne'),
    keywords(
      'it-id',
      'carta d’identità|carta d’identita|carta identità|cie|documento d’identità|italian id card|identity card|carte d’identité italienne|carta di identità',
    ),
    keywords('it-passport', 'passaporto|numero di passaporto|italian passport|passeport italien'),
    keywords(
      'it-licence',
      'patente|patente di guida|numero patente|italian driving licence|driver license|driver’s license|driving licence|permis de conduire',
    ),
  ],
  near: RULES.map((rule) => ({ ...rule, country: 'IT' })),
  find(scan, found) {
    for (const start of scan.runs.codes) {
      if (scan.steps.exhausted) return
      if (!isDigitAt(scan.text, start + 6) || !isDigitAt(scan.text, start + 7)) continue
      scan.steps.spend(16)
      const code = readCode(scan.text, start, 16)
      if (code === undefined || code.end !== start + 16 || !codiceFiscale(code.compact)) continue
      const { confidence, because } = weigh(scan, start, code.end, {
        base: 0.6,
        check: { name: CODE, odds: 'weak' },
        context: 'it-code',
      })
      found({
        type: 'IT_FISCAL_CODE',
        rule: 'it-fiscal-code',
        start,
        end: code.end,
        confidence,
        because,
        country: 'IT',
      })
    }
  },
}

import {
  danishNumber,
  finnishNumber,
  norwegianNumber,
  swedishOrganisation,
  swedishPerson,
} from '../../checks/personal.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { endOf } from '../../scan/numbers.ts'
import { weigh } from '../../scan/score.ts'
import { isDigitAt } from '../../scan/symbols.ts'

const FINNISH = /(?<!\d)\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y](?![\p{L}\d])/uy
const MOD_31 = 'mod 31'
const NORWEGIAN = { name: 'two digits mod 11', odds: 'strong' } as const

const RULES: readonly NearRule[] = [
  {
    type: 'SE_PERSONNUMMER',
    rule: 'se-person',
    group: 'se-person',
    shape: /(?<!\d)(?:(?:18|19|20)\d{6}[-+ ]?\d{4}|\d{6}[-+ ]?\d{4})(?!\d)/g,
    check: swedishPerson,
    checkName: 'Luhn',
    confidence: 0.92,
    country: 'SE',
    alone: 0.6,
  },
  {
    type: 'SE_ORGANISATIONSNUMMER',
    rule: 'se-organisation',
    group: 'se-organisation',
    shape: /(?<!\d)(?:16)?\d{6}-?\d{4}(?![\d\p{L}])/gu,
    check: swedishOrganisation,
    checkName: 'Luhn',
    confidence: 0.9,
    country: 'SE',
    alone: 0.5,
  },
  {
    type: 'FI_PERSONAL_IDENTITY_CODE',
    rule: 'fi-personal-identity-code',
    group: 'fi-hetu',
    shape: /(?<!\d)\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y](?![A-Za-z\d])/gi,
    check: (_compact, written) => finnishNumber(written.toUpperCase()),
    checkName: MOD_31,
    confidence: 0.97,
    country: 'FI',
  },
  {
    type: 'DK_CPR',
    rule: 'dk-cpr',
    group: 'dk-cpr',
    shape: /(?<!\d)\d{6} ?-? ?\d{4}(?!\d)/g,
    check: danishNumber,
    confidence: 0.88,
    country: 'DK',
  },
  {
    type: 'NO_FNR',
    rule: 'no-fnr',
    group: 'no-fnr',
    shape: /(?<!\d)\d{6} ?-?\d{5}(?!\d)/g,
    check: norwegianNumber,
    checkName: NORWEGIAN.name,
    confidence: 0.95,
    country: 'NO',
    alone: 0.85,
  },
]

/** National numbers of Sweden, Finland, Denmark and Norway. The Finnish and the Norwegian ones carry a date and a check of 1/31 or better, so they count without a word (Skatteverket; DVV; CPR-kontoret; Skatteetaten). */
export const nordic: Detector = {
  id: 'nordic-identity',
  acrossParts: true,
  literals: [
    keywords(
      'se-person',
      'personnummer|personnr|pnr|samordningsnummer|swedish personal identity|swedish personal number|swedish id|personal identity code|personal identity number|numéro personnel suédois|numéro d’identité suédois|svenskt personnummer',
    ),
    keywords(
      'se-organisation',
      'organisationsnummer|orgnummer|orgnr|org.nr|org nr|organisation number|company identity code|company number|swedish company|företag|entreprise suédoise|numéro d’organisation',
    ),
    keywords(
      'fi-hetu',
      'hetu|henkilötunnus|henkilötunnuksesi|henkilotunnus|sotu|personbeteckning|personal identity code|finnish|finlandais|finlandaise|suomalainen|code d’identité finlandais|identité finlandaise',
    ),
    keywords(
      'dk-cpr',
      'cpr|cpr-nummer|cpr-nr|cpr nummer|dansk personnummer|danish id|danish cpr|danish personal|numéro cpr|numéro danois',
    ),
    keywords(
      'no-fnr',
      'fødselsnummer|foedselsnummer|fodselsnummer|fnr|f.nr|d-nummer|norwegian|norvégien|norvégienne|norsk|norwegian national|norwegian birth number|numéro de naissance norvégien|numéro norvégien|personnummer',
    ),
  ],
  near: RULES,
  find(scan, found) {
    const { text } = scan
    for (const start of scan.runs.numbers) {
      if (scan.steps.exhausted) return
      const sign = text.charCodeAt(start + 6)
      // a letter, + or -, between six digits and three
      if (!(sign === 45 || sign === 43 || (sign >= 65 && sign <= 89))) continue
      if (!isDigitAt(text, start + 7) || !isDigitAt(text, start + 9)) continue
      scan.steps.spend(12)
      FINNISH.lastIndex = start
      const match = FINNISH.exec(text)
      if (match === null || !finnishNumber(match[0])) continue
      const end = start + match[0].length
      const { confidence, because } = weigh(scan, start, end, {
        base: 0.6,
        check: { name: MOD_31, odds: 'weak' },
        context: 'fi-hetu',
      })
      const type = 'FI_PERSONAL_IDENTITY_CODE'
      const rule = 'fi-personal-identity-code'
      found({ type, rule, start, end, confidence, because, country: 'FI' })
    }
  },
  number(scan, run, found) {
    if (run.digits.length < 11 || run.attached || run.continues || endOf(run, 11) < 0) return
    if (run.stops[0] !== 11 && run.stops[0] !== 6) return
    if (!norwegianNumber(run.digits.slice(0, 11))) return
    const { start } = run
    const end = endOf(run, 11)
    const { confidence, because } = weigh(scan, start, end, {
      base: 0.6,
      check: NORWEGIAN,
      context: 'no-fnr',
    })
    found({ type: 'NO_FNR', rule: 'no-fnr', start, end, confidence, because, country: 'NO' })
  },
}

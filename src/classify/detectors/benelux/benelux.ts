import { elevenProof } from '../../checks/european.ts'
import { belgianNumber, luxembourgNumber } from '../../checks/personal.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { endOf } from '../../scan/numbers.ts'
import { weigh } from '../../scan/score.ts'

const BELGIAN = { name: '97 - n mod 97', odds: 'strong' } as const
const LUXEMBOURG = { name: 'Luhn and Verhoeff', odds: 'strong' } as const

const RULES: readonly NearRule[] = [
  {
    type: 'BE_NATIONAL_NUMBER',
    rule: 'be-national-number',
    group: 'nrn',
    shape: /(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[-. ]{0,3}\d{3}[-. ]?\d{2}(?!\d)/g,
    check: belgianNumber,
    checkName: BELGIAN.name,
    confidence: 0.95,
    country: 'BE',
    alone: 0.85,
  },
  {
    type: 'NL_BSN',
    rule: 'nl-bsn',
    group: 'bsn',
    shape: /(?<!\d)(?:\d{8,9}|\d{3}[. ]\d{3}[. ]\d{3}|\d{4}[. ]\d{2}[. ]\d{3})(?!\d)/g,
    check: (compact) => elevenProof(compact.padStart(9, '0')),
    checkName: '11-proof',
    confidence: 0.9,
    country: 'NL',
  },
  {
    type: 'LU_MATRICULE',
    rule: 'lu-matricule',
    group: 'lu-matricule',
    shape: /(?<!\d)(?:18|19|20)\d{2}[ .-]?\d{2}[ .-]?\d{2}[ .-]?\d{3}[ .-]?\d{2}(?!\d)/g,
    check: luxembourgNumber,
    checkName: LUXEMBOURG.name,
    confidence: 0.95,
    country: 'LU',
    alone: 0.85,
  },
]

/** Belgian national number and Luxembourg matricule, whose checks are strong enough to stand without a word; Dutch BSN beside its name (Royal Decree of 3 April 1984; law of 19 June 2013; Rijksdienst voor Identiteitsgegevens). */
export const benelux: Detector = {
  id: 'benelux-identity',
  acrossParts: true,
  literals: [
    keywords(
      'nrn',
      'rijksregisternr|belge|belgian|belgisch|rrn|numéro national|n° national|numéro de registre national|nationaal nummer|national number|nationalregisternummer|bis-nummer|numéro bis|rijksregister nr|identification number of the national register',
    ),
    keywords(
      'bsn',
      'bsn-nummer|burger service nummer|sofi-nummer|dutch citizen number|dutch social security|numéro de citoyen néerlandais|persoonsnummer',
    ),
    keywords(
      'lu-matricule',
      'matricule|luxembourg|luxembourgeois|luxembourgeoise|matricule nationale|numéro d’identification national|numéro national luxembourgeois|luxembourg national|cns|sozialversicherungsnummer|matrikel|national identification number|numéro matricule|sécurité sociale luxembourgeoise',
    ),
  ],
  near: RULES,
  number(scan, run, found) {
    const { start, digits, attached, continues } = run
    if (attached || continues || digits.length < 11) return
    const belgian = endOf(run, 11) >= 0 && belgianNumber(digits.slice(0, 11))
    const luxembourg = !belgian && endOf(run, 13) >= 0 && luxembourgNumber(digits.slice(0, 13))
    if (!belgian && !luxembourg) return
    const end = endOf(run, belgian ? 11 : 13)
    const { confidence, because } = weigh(scan, start, end, {
      base: 0.6,
      check: belgian ? BELGIAN : LUXEMBOURG,
      context: belgian ? 'nrn' : 'lu-matricule',
    })
    const rule = belgian ? 'be-national-number' : 'lu-matricule'
    const type = belgian ? 'BE_NATIONAL_NUMBER' : 'LU_MATRICULE'
    found({ type, rule, start, end, confidence, because, country: belgian ? 'BE' : 'LU' })
  },
}

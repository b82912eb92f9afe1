import { irishCheck, vatCheck } from '../../checks/vat.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

const RULES: readonly NearRule[] = [
  {
    type: 'IE_PPS',
    rule: 'ie-pps',
    group: 'ie-pps',
    shape: /(?<![A-Za-z\d])\d{7} ?[A-W] ?[A-IW]?(?![A-Za-z\d])/gi,
    check: irishCheck,
    checkName: 'letter mod 23',
    confidence: 0.95,
    country: 'IE',
    alone: 0.6,
  },
  {
    type: 'PT_NIF',
    rule: 'pt-nif',
    group: 'pt-nif',
    shape: /(?<![A-Za-z\d])(?:PT ?)?(?:45|[1-35-9]\d)\d[ .]?\d{3}[ .]?\d{3}(?!\d)/g,
    check: (compact) => vatCheck('PT', compact.replace(/^PT/, '')),
    checkName: 'mod 11',
    confidence: 0.92,
    country: 'PT',
  },
]

/** Irish PPS number and Portuguese NIF, each beside its name (Department of Social Protection; Autoridade Tributária e Aduaneira). */
export const atlantic: Detector = {
  id: 'atlantic-identity',
  acrossParts: true,
  literals: [
    keywords(
      'ie-pps',
      'pps|ppsn|pps number|pps no|personal public service|rsi number|irish tax|uimhir psp|psp|numéro pps|sécurité sociale irlandaise',
    ),
    keywords(
      'pt-nif',
      'nif|contribuinte|número de contribuinte|n.º de contribuinte|nº contribuinte|nipc|número de identificação fiscal|identificação fiscal|portuguese tax|numéro fiscal portugais|identifiant fiscal portugais|número fiscal',
    ),
  ],
  near: RULES,
}

import { ean13 } from '../../checks/european.ts'
import { vatCheck } from '../../checks/vat.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { isWordAt } from '../../scan/symbols.ts'

const AHV = /756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?![.\d]\d)(?![\p{L}\d])/uy

const RULES: readonly NearRule[] = [
  {
    type: 'CH_UID',
    rule: 'ch-uid',
    group: 'ch-uid',
    // with the word for VAT behind it, it is a VAT number
    shape: /CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?![\d.]\d)(?! ?(?:MWST|TVA|IVA)\b)/gi,
    check: (compact) => vatCheck('CHE', compact.slice(3)),
    checkName: 'mod 11',
    confidence: 0.9,
    country: 'CH',
    back: 0,
    reach: 0,
  },
]

/** Swiss AHV number (756, EAN-13) and enterprise number (CHE, mod 11): their prefixes are words enough (BSV/OFAS; Federal Statistical Office). */
export const switzerland: Detector = {
  id: 'ch-identity',
  acrossParts: true,
  literals: [
    { name: 'ahv', standing: 'head', words: ['756'] },
    {
      name: 'ch-uid',
      standing: 'head',
      words: [
        'che-',
        ...Array.from('0123456789', (d) => `che${d}`),
        ...Array.from('0123456789', (d) => `che ${d}`),
      ],
    },
    keywords('ch-ahv', 'ahv|avs|ahv-nummer|numéro avs|n° avs|navs|ahvn13|assurance-vieillesse'),
  ],
  near: RULES,
  find(scan, found) {
    const { starts } = scan.hits('ahv')
    for (const start of starts) {
      if (scan.steps.exhausted) return
      AHV.lastIndex = start
      const match = isWordAt(scan.text, start - 1) ? null : AHV.exec(scan.text)
      scan.steps.spend(16)
      if (match === null || !ean13(match[0].replaceAll(/[. ]/g, ''))) continue
      const end = start + match[0].length
      const because = [
        { kind: 'prefix', name: '756' },
        { kind: 'checksum', name: 'EAN-13' },
      ] as const
      const keyword = scan.inKey('ch-ahv') ?? scan.near('ch-ahv', start, end)
      const confidence = keyword !== undefined || match[0].includes('.') ? 0.95 : 0.9
      found({ type: 'CH_AHV', rule: 'ch-ahv', start, end, confidence, because, country: 'CH' })
    }
  },
}

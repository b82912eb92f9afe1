import { VAT_RULES, vatCheck } from '../../checks/vat.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector, Found } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { type Code, readCode } from '../../scan/read-code.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'

/** Two letters that begin a VAT number: the length to read, longest first. Greece is EL, Northern Ireland XI. */
const PREFIXES: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries(VAT_RULES)
    .filter(([country]) => country.length === 2)
    .map(([country, { lengths }]) => [country, lengths.map((length) => length + 2)]),
)

/** Shorter numbers are too common among other codes to stand without a word. */
const LONG_ENOUGH = 11
/** A prefix, and a check of one in ten: told, and left below what raises a class. */
const WITHOUT_A_WORD = 0.6

const RULES: readonly NearRule[] = [
  {
    type: 'VAT_NUMBER',
    rule: 'ch-vat',
    group: 'ch-uid',
    shape: /CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3} ?(?:MWST|TVA|IVA)\b/gi,
    check: (compact) => vatCheck('CHE', compact.slice(3, 12)),
    checkName: 'mod 11',
    confidence: 0.95,
    country: 'CH',
    back: 0,
    reach: 0,
  },
  {
    type: 'VAT_NUMBER',
    rule: 'no-vat',
    group: 'no-vat',
    shape: /(?<![A-Za-z\d])[1-9]\d{2} ?\d{3} ?\d{3} ?MVA(?![A-Za-z\d])/gi,
    check: (compact) => vatCheck('NO', compact),
    checkName: 'mod 11',
    confidence: 0.92,
    country: 'NO',
  },
]

/** VAT numbers of the European Union, the United Kingdom, Switzerland and Norway by their prefix, length and check (European Commission, VIES). */
export const vat: Detector = {
  id: 'eu-vat',
  acrossParts: true,
  literals: [
    keywords(
      'vat',
      'vat no|vat id|vat reg|vat registration|tva n°|n° tva|numéro de tva|numéro tva|ust-id|ust-id-nr|ust-id.|ust.-idnr|ustidnr|uid|umsatzsteuer|umsatzsteuer-id|mwst|mwst-nr|btw-nummer|btw-nr|p.iva|p. iva|iva|i.v.a|cif|contribuinte|nipc|moms|momsnummer|momsnr|alv|alv-numero|dič|dic|ič dph|nip|pdv|pdv id|oib|áfa|adószám|ddv|kmkr|pvn|pvm|cod fiscal|cui|cvr|intracommunautaire|numéro d’identification intracommunautaire|tax id',
    ),
    keywords('no-vat', 'mva|organisasjonsnummer|orgnr|org.nr'),
  ],
  near: RULES,
  find(scan, found) {
    for (const start of scan.runs.codes) {
      if (scan.steps.exhausted) return
      const prefix = scan.text.slice(start, start + 2)
      const lengths = PREFIXES.get(prefix) ?? PREFIXES.get(prefix.toUpperCase())
      if (lengths !== undefined) read(scan, start, prefix, lengths, found)
    }
  },
}

function read(
  scan: Scan,
  start: number,
  prefix: string,
  lengths: readonly number[],
  found: Found,
): void {
  const country = prefix.toUpperCase()
  for (const length of lengths) {
    scan.steps.spend(length)
    const code = readCode(scan.text, start, length)
    if (code === undefined || !vatCheck(country, code.compact.slice(2))) continue
    const { confidence, because, keyword } = weigh(scan, start, code.end, {
      base: 0.6,
      check: { name: `VAT ${country}`, odds: 'weak' },
      context: 'vat',
      distance: 90,
    })
    if (!keyword && !standsAlone(scan.text, start, prefix, code)) return
    found({
      type: 'VAT_NUMBER',
      rule: 'eu-vat',
      start,
      end: code.end,
      confidence: keyword ? confidence : Math.min(confidence, WITHOUT_A_WORD),
      because: keyword ? because : [{ kind: 'prefix', name: prefix }, ...because],
      country: country === 'EL' ? 'GR' : country === 'XI' ? 'GB' : country,
    })
    return
  }
}

/** A number long enough, in capitals, and no part of something longer. */
const standsAlone = (text: string, start: number, prefix: string, code: Code): boolean =>
  code.compact.length >= LONG_ENOUGH &&
  prefix === prefix.toUpperCase() &&
  code.end - start <= code.compact.length + 4 &&
  !'-_/.#'.includes(text[start - 1] ?? ' ') &&
  !'-_/#'.includes(text[code.end] ?? ' ')

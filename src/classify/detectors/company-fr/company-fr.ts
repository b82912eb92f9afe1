import { luhn } from '../../checks/luhn.ts'
import { remainder } from '../../checks/mod97.ts'
import type { Detector, Found } from '../../scan/detector.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import { readCode } from '../../scan/read-code.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'

const LA_POSTE = '356000000'
const LUHN = { name: 'Luhn', odds: 'weak' } as const

const digitSum = (digits: string): number =>
  Array.from(digits).reduce((sum, d) => sum + Number(d), 0)

/** SIREN (9 digits) only beside its name; SIRET (14 digits) with La Poste's own check; VAT key of the SIREN (INSEE; DGFiP). */
export const companyFr: Detector = {
  id: 'fr-company',
  acrossParts: true,
  literals: [],
  find(scan, found) {
    for (const start of scan.runs.codes) {
      if (scan.steps.exhausted) return
      vat(scan, start, found)
    }
  },
  number(scan, run, found) {
    if (run.attached) return
    siret(scan, run, found)
    siren(scan, run, found)
  },
}

function siren(scan: Scan, run: NumberRun, found: Found): void {
  const end = endOf(run, 9)
  const digits = run.digits.slice(0, 9)
  if (end < 0 || !luhn(digits) || /^0+$/.test(digits)) return
  const { confidence, because, keyword } = weigh(scan, run.start, end, {
    base: 0.3,
    check: LUHN,
    context: 'siren',
  })
  if (!keyword) return
  found({
    type: 'FR_SIREN',
    rule: 'fr-siren',
    start: run.start,
    end,
    confidence,
    because,
    country: 'FR',
  })
}

function siret(scan: Scan, run: NumberRun, found: Found): void {
  const end = endOf(run, 14)
  const digits = run.digits.slice(0, 14)
  if (end < 0 || run.continues) return
  const post = digits.startsWith(LA_POSTE) && digitSum(digits) % 5 === 0
  if (!post && (!luhn(digits) || !luhn(digits.slice(0, 9)))) return
  const grouped = run.stops.filter((stop) => stop < 14).join() === '3,6,9'
  const dated = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])/.test(digits)
  const { confidence, because, keyword } = weigh(scan, run.start, end, {
    base: 0.3,
    check: LUHN,
    context: 'siret',
    bonus: grouped ? 0.2 : 0,
  })
  if (dated && !keyword) return
  found({
    type: 'FR_SIRET',
    rule: 'fr-siret',
    start: run.start,
    end,
    confidence,
    because,
    country: 'FR',
  })
}

function vat(scan: Scan, start: number, found: Found): void {
  if (!/^fr$/i.test(scan.text.slice(start, start + 2))) return
  const code = readCode(scan.text, start, 13)
  scan.steps.spend(13)
  const parts = code === undefined ? null : /^FR([\dA-HJ-NP-Z]{2})(\d{9})$/.exec(code.compact)
  if (code === undefined || parts === null) return
  const [, key = '', number = ''] = parts
  if (!luhn(number)) return
  const numeric = /^\d\d$/.test(key)
  if (numeric && Number(key) !== (12 + 3 * remainder(number, 97)) % 97) return
  const check = numeric ? ({ name: 'VAT key mod 97', odds: 'strong' } as const) : LUHN
  const { confidence, because } = weigh(scan, start, code.end, {
    base: numeric ? 0.7 : 0.3,
    check,
    context: 'vat',
  })
  found({
    type: 'VAT_NUMBER',
    rule: 'fr-vat',
    start,
    end: code.end,
    confidence,
    because,
    country: 'FR',
  })
}

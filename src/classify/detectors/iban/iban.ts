import { ibanCheck } from '../../checks/mod97.ts'
import { IBAN_LENGTHS, IBAN_OF_DIGITS } from '../../data/iban-lengths.ts'
import { ISO_COUNTRIES } from '../../data/iso-countries.ts'
import type { Detector, Found } from '../../scan/detector.ts'
import { readCode } from '../../scan/read-code.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'

const BIC = /(?<![A-Za-z\d])[A-Z]{4}([A-Z]{2})[A-Z\d]{2}(?:[A-Z\d]{3}|XXX)?(?![A-Za-z\d])/g
const ANY = /^[A-Z]{2}\d{2}/
const DIGITS = /^[A-Z]{2}\d+$/
/** Documentation examples printed in the standards and on banks' pages. */
const PRINTED = new Set([
  'FR7630006000011234567890189',
  'GB29NWBK60161331926819',
  'DE89370400440532013000',
  'BE68539007547034',
  'GB82WEST12345698765432',
  'FR1420041010050500013M02606',
])

/** IBAN: length of its country, mod 97; grouped or not, any case. A BIC counts only beside one or beside its own name. */
export const iban: Detector = {
  id: 'iban',
  acrossParts: true,
  literals: [],
  find(scan, found) {
    const anchors: number[] = []
    for (const start of scan.runs.codes) {
      if (scan.steps.exhausted) return
      const country = scan.text.slice(start, start + 2).toUpperCase()
      const length = IBAN_LENGTHS[country]
      if (length === undefined) continue
      const code = readCode(scan.text, start, length)
      scan.steps.spend(length)
      const shape = IBAN_OF_DIGITS.has(country) ? DIGITS : ANY
      if (code === undefined || !shape.test(code.compact) || !ibanCheck(code.compact)) continue
      const { confidence, because } = weigh(scan, start, code.end, {
        base: 0.9,
        check: { name: 'mod 97-10', odds: 'strong' },
        context: 'iban',
      })
      anchors.push(start)
      found({
        type: 'IBAN_CODE',
        rule: 'iban',
        start,
        end: code.end,
        confidence: Math.max(0.9, confidence),
        because: PRINTED.has(code.compact) ? [...because, { kind: 'test-value' }] : because,
        country,
      })
    }
    findBics(scan, anchors, found)
  },
}

function findBics(scan: Scan, anchors: readonly number[], found: Found): void {
  const { starts } = scan.hits('bic')
  const done = new Set<number>()
  for (const [index, anchor] of [...starts, ...anchors].entries()) {
    if (scan.steps.exhausted) return
    const named = index < starts.length
    const from = Math.max(0, anchor - (named ? 20 : 40))
    const window = scan.text.slice(from, anchor + (named ? 40 : 80))
    scan.steps.spend(window.length)
    for (const match of window.matchAll(BIC)) {
      const start = from + match.index
      if (
        done.has(start) ||
        !ISO_COUNTRIES.has(match[1] ?? '') ||
        start + match[0].length > scan.text.length
      )
        continue
      if (!named && !/\d/.test(match[0]) && scan.near('bic', start, start + 11) === undefined)
        continue
      done.add(start)
      found({
        type: 'BIC_SWIFT',
        rule: 'bic',
        start,
        end: start + match[0].length,
        confidence: named ? 0.85 : 0.65,
        because: [{ kind: 'shape' }, { kind: 'keyword', keyword: named ? 'BIC' : 'IBAN' }],
        ...(match[1] === undefined ? {} : { country: match[1] }),
      })
    }
  }
}

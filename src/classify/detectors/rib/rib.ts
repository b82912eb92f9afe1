import type { Detector } from '../../scan/detector.ts'
import { readCode } from '../../scan/read-code.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import type { Scan } from '../../scan/scan.ts'
import { weigh } from '../../scan/score.ts'

const LABELLED = /(\d{5})\D{1,20}?(\d{5})[^\dA-Z]{1,4}\D{0,20}?([\dA-Z]{11})\D{1,20}?(\d{2})(?!\d)/i

const CHECK = { name: 'RIB key', odds: 'strong' } as const

const LENGTH = 23
/** Bank and branch; the account number up to the key. */
const ACCOUNT = 10
const KEY = 21

/** Letters of an account number as digits: A, J = 1; B, K, S = 2; ... (CFONB). */
const digitOf = (unit: number): number => {
  const place = unit - 65
  if (place < 0) return unit - 48
  return place < 18 ? (place % 9) + 1 : ((place - 18) % 9) + 2
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57
const isCapital = (unit: number): boolean => unit >= 65 && unit <= 90

/** Key = 97 - (89 bank + 15 branch + 3 account) mod 97, written as one number whose remainder is 0. */
export function ribCheck(compact: string): boolean {
  if (compact.length !== LENGTH) return false
  let rest = 0
  let isZero = true
  for (let i = 0; i < LENGTH; i++) {
    const unit = compact.charCodeAt(i)
    const mayBeLetter = i >= ACCOUNT && i < KEY
    if (!isDigit(unit) && !(mayBeLetter && isCapital(unit))) return false
    if (unit !== 48) isZero = false
    rest = (rest * 10 + digitOf(unit)) % 97
  }
  return rest === 0 && !isZero
}

/** The end of an account of digits, or of one whose account number holds letters; -1 when the key is wrong. */
function accountEnd(scan: Scan, run: NumberRun): number {
  const end = endOf(run, 23)
  if (end >= 0) return ribCheck(run.digits.slice(0, 23)) ? end : -1
  if (run.digits.length < 10 || run.digits.length > 20) return -1
  const code = readCode(scan.text, run.start, 23)
  scan.steps.spend(23)
  return code !== undefined && /[A-Z]/.test(code.compact) && ribCheck(code.compact) ? code.end : -1
}

/** French account: bank 5, branch 5, account 11, key 2; on one line or each part behind its own name. */
export const rib: Detector = {
  id: 'fr-rib',
  acrossParts: true,
  literals: [],
  find(scan, found) {
    const hits = scan.hits('rib')
    let done = -1
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const from = hits.starts[i] ?? 0
      if (from < done) continue
      const window = scan.text.slice(from, from + 160)
      scan.steps.spend(4 * window.length)
      const match = LABELLED.exec(window)
      if (match === null || !ribCheck(match.slice(1, 5).join('').toUpperCase())) continue
      const start = from + match.index
      done = start + match[0].length
      const keyword = hits.words[i] ?? ''
      const because = [
        { kind: 'checksum', name: CHECK.name },
        { kind: 'keyword', keyword },
      ] as const
      found({
        type: 'FR_RIB',
        rule: 'fr-rib',
        start,
        end: done,
        confidence: 0.95,
        because,
        country: 'FR',
      })
    }
  },
  number(scan, run, found) {
    const end = accountEnd(scan, run)
    if (end < 0) return
    const { start } = run
    const { confidence, because } = weigh(scan, start, end, {
      base: 0.6,
      check: CHECK,
      context: 'rib',
    })
    found({ type: 'FR_RIB', rule: 'fr-rib', start, end, confidence, because, country: 'FR' })
  },
}

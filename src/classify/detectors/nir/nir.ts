import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'

import { weigh } from '../../scan/score.ts'
import { isDigitAt, isWordAt, kindAt, SPACE } from '../../scan/symbols.ts'

/** What may stand between the number and its key: `/ 36`, `clé 36`, `(36)`, `key: 36`. */
const KEY = /[\s\u00A0.\-/]{0,3}\(?(?:cl[eé]f?|key)?[\s\u00A0:.=]{0,3}(\d{2})(?!\d)\)?/iy

const LENGTH = 13
const ZERO = 48
/** Without the bit that tells small letters from capitals. */
const UPPER_CASE = 0x5f
/** The number that is being read, as ASCII: most are none, and a text of digits begins one at each of them. */
const body = new Uint8Array(LENGTH)

/** French social security number: sex, year, month, department (2A, 2B, overseas), town, order, key 97 - n mod 97 (INSEE, decree 82-103). */
export const nir: Detector = {
  id: 'fr-nir',
  acrossParts: true,
  literals: [
    keywords(
      'nir',
      'numéro d’assuré social|numéro d’assuré|n° d’assuré|n° de sécurité sociale|n° ss|n°ss|numéro ss|num ss|nnp|numéro national d’identité|identité nationale de santé|identité ins|ins-nir|ins nir|ameli|carte vitale n°|french social security',
    ),
    {
      name: 'ins',
      standing: 'word',
      words: [
        'ins',
        'ins-nir',
        'matricule ins',
        'identité nationale de santé',
        '1.2.250.1.213.1.4.8',
        '1.2.250.1.213.1.4.9',
      ],
    },
  ],
  find(scan, found) {
    const { text } = scan
    for (const start of scan.runs.numbers) {
      if (scan.steps.exhausted) return
      const first = text.charCodeAt(start)
      if (first === 48 || first === 53 || first === 54 || first === 57) continue
      if (isWordAt(text, start - 2) && '-./_#'.includes(text[start - 1] ?? ' ')) continue
      if (!startsLikeBody(text, start)) continue
      const bodyEnd = readBody(text, start)
      scan.steps.spend(20)
      if (bodyEnd < 0 || !isPlausible()) continue
      KEY.lastIndex = bodyEnd
      const key = KEY.exec(text)
      const checked = key !== null && Number(key[1]) === keyOfBody()
      if (key !== null && !checked && isDigitAt(text, bodyEnd)) continue
      if (!checked && isWordAt(text, bodyEnd)) continue
      const end = checked ? KEY.lastIndex : bodyEnd
      const evidence = { context: 'nir', distance: 80 } as const
      const weighed = checked
        ? weigh(scan, start, end, {
            ...evidence,
            base: 0.6,
            check: { name: '97 - n mod 97', odds: 'strong' },
          })
        : weigh(scan, start, end, { ...evidence, base: 0.35 })
      if (!checked && !weighed.keyword) continue
      const confidence = checked ? Math.max(0.85, weighed.confidence) : weighed.confidence
      found({
        type: 'FR_NIR',
        // the same number with the object identifier of the health identity, or its name, is that of a patient
        rule: scan.near('ins', start, end, 60) === undefined ? 'fr-nir' : 'fr-ins',
        start,
        end,
        confidence,
        because: weighed.because,
        country: 'FR',
      })
    }
  },
}

/** Looks at the month alone, digits 4 and 5, before anything is copied. */
function startsLikeBody(text: string, start: number): boolean {
  let seen = 0
  let tens = 0
  for (let at = start; at < start + 9; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 48 || unit > 57) {
      if (seen === 0 || isWordAt(text, at)) return false
      continue
    }
    seen++
    if (seen === 4) tens = unit - 48
    if (seen === 5) return tens !== 0 || unit !== 48
  }
  return false
}

/** Offset after thirteen characters through at most two separators each, which are left in `body`; A or B may stand for the seventh. -1 where there are fewer. */
function readBody(text: string, start: number): number {
  let count = 0
  let at = start
  let gap = 0
  while (count < LENGTH) {
    if (isDigitAt(text, at)) body[count++] = text.charCodeAt(at)
    else if (count === 6 && 'ABab'.includes(text[at] ?? ' '))
      body[count++] = text.charCodeAt(at) & UPPER_CASE
    else if (gap < 2 && count > 0 && isSeparator(text, at)) {
      gap++
      at++
      continue
    } else return -1
    gap = 0
    at++
  }
  return at
}

/** Two digits of the body as a number. */
const pairAt = (index: number): number =>
  10 * ((body[index] ?? 0) - ZERO) + (body[index + 1] ?? 0) - ZERO

const isSeparator = (text: string, at: number): boolean =>
  (kindAt(text, at) & SPACE) !== 0 || '.-/_'.includes(text[at] ?? ' ')

function isPlausible(): boolean {
  const month = pairAt(3)
  const monthFits = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50
  const order = 10 * pairAt(10) + (body[12] ?? 0) - ZERO
  return monthFits && pairAt(5) !== 0 && order !== 0
}

/** Corsican 2A counts as 19 and 2B as 18 (decree 82-103). */
function keyOfBody(): number {
  const department = body[6] === 65 ? 19 : body[6] === 66 ? 18 : pairAt(5)
  let rest = 0
  for (let i = 0; i < LENGTH; i++) {
    if (i === 6) continue
    rest = i === 5 ? rest * 100 + department : rest * 10 + (body[i] ?? 0) - ZERO
    rest %= 97
  }
  return 97 - rest
}

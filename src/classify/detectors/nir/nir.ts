import { remainder } from '../../checks/mod97.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'

import { weigh } from '../../scan/score.ts'
import { isDigitAt, isWordAt, kindAt, SPACE } from '../../scan/symbols.ts'

/** What may stand between the number and its key: `/ 36`, `clé 36`, `(36)`, `key: 36`. */
const KEY = /[\s\u00A0.\-/]{0,3}\(?(?:cl[eé]f?|key)?[\s\u00A0:.=]{0,3}(\d{2})(?!\d)\)?/iy

interface Body {
  readonly body: string
  readonly end: number
}

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
      const read = readBody(text, start)
      scan.steps.spend(20)
      if (read === undefined || !plausible(read.body)) continue
      KEY.lastIndex = read.end
      const key = KEY.exec(text)
      const checked = key !== null && Number(key[1]) === keyOf(read.body)
      if (key !== null && !checked && isDigitAt(text, read.end)) continue
      if (!checked && isWordAt(text, read.end)) continue
      const end = checked ? KEY.lastIndex : read.end
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

/** Thirteen characters through at most two separators each; A or B may stand for the seventh. */
function readBody(text: string, start: number): Body | undefined {
  let body = ''
  let at = start
  let gap = 0
  while (body.length < 13) {
    const char = text[at] ?? ''
    if (isDigitAt(text, at)) body += char
    else if (body.length === 6 && 'ABab'.includes(char) && char !== '') body += char.toUpperCase()
    else if (char !== '' && gap < 2 && body !== '' && isSeparator(text, at)) {
      gap++
      at++
      continue
    } else return undefined
    gap = 0
    at++
  }
  return { body, end: at }
}

const isSeparator = (text: string, at: number): boolean =>
  (kindAt(text, at) & SPACE) !== 0 || '.-/_'.includes(text[at] ?? ' ')

function plausible(body: string): boolean {
  const month = Number(body.slice(3, 5))
  const monthFits = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50
  return monthFits && body.slice(5, 7) !== '00' && body.slice(10, 13) !== '000'
}

/** Corsican 2A counts as 19 and 2B as 18 (decree 82-103). */
function keyOf(body: string): number {
  const department = body[6] === 'A' ? '19' : body[6] === 'B' ? '18' : body.slice(5, 7)
  return 97 - remainder(body.slice(0, 5) + department + body.slice(7), 97)
}

import { cardLinesCheck, frenchCardCheck, secondLineCheck } from '../../checks/mrz.ts'
import type { Detector } from '../../scan/detector.ts'

/** Lines of 44 (passports), 36 (visas, former cards) and 30 characters (cards), ICAO Doc 9303 parts 4 to 7. */
const TWO_LINES =
  /([A-Z][A-Z\d<][A-Z<]{3}[A-Z<]{25,39})[ \t]{0,2}(?:\r?\n|\\n| )[ \t]{0,4}([A-Z\d<]{36,44})(?![A-Z\d<])/y
const FRENCH =
  /(IDFRA[A-Z<]{25}[A-Z\d<]{6})[ \t]{0,2}(?:\r?\n|\\n| )[ \t]{0,4}([A-Z\d<]{36})(?![A-Z\d<])/y
const THREE_LINES =
  /([ACI][A-Z\d<][A-Z<]{3}[A-Z\d<]{25})[ \t]{0,2}(?:\r?\n|\\n| )[ \t]{0,4}([A-Z\d<]{30})(?:[ \t]{0,2}(?:\r?\n|\\n| )[ \t]{0,4}([A-Z<]{30}))?(?![A-Z\d<])/y
const SECOND_ALONE = /[A-Z\d<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z\d<]{8,16}(?![A-Z\d<])/y
const LONGEST_LINE = 44

/** Machine readable zones of passports, visas and identity cards, whole or their second line. */
export const mrz: Detector = {
  id: 'mrz',
  acrossParts: true,
  literals: [{ name: 'filler', standing: 'part', words: ['<<'] }],
  find(scan, found) {
    const { text } = scan
    let done = -1
    for (const at of scan.hits('filler').starts) {
      if (at < done) continue
      if (scan.steps.exhausted) return
      let start = at
      while (start > 0 && at - start <= LONGEST_LINE && isZone(text.charCodeAt(start - 1))) start--
      scan.steps.spend(at - start + 8)
      done = at + 2
      if (at - start > LONGEST_LINE) continue
      const end = zoneEnd(text, start)
      scan.steps.spend(100)
      if (end < 0) continue
      done = end
      found({
        type: 'MRZ',
        rule: 'mrz',
        start,
        end,
        confidence: 0.97,
        because: [{ kind: 'checksum', name: 'ICAO 9303, 7-3-1' }],
      })
    }
  },
}

/** The end of a zone that begins here and whose check digits hold; -1 for none. */
function zoneEnd(text: string, start: number): number {
  const french = match(FRENCH, text, start)
  if (french !== null && frenchCardCheck(french[2] ?? '')) return FRENCH.lastIndex
  const two = match(TWO_LINES, text, start)
  const same = two?.[1]?.length === two?.[2]?.length
  if (two !== null && same && secondLineCheck(two[2] ?? '')) return TWO_LINES.lastIndex
  const three = match(THREE_LINES, text, start)
  if (three !== null && cardLinesCheck(three[1] ?? '', three[2] ?? '')) return THREE_LINES.lastIndex
  const second = match(SECOND_ALONE, text, start)
  return second !== null && secondLineCheck(second[0]) ? SECOND_ALONE.lastIndex : -1
}

function match(shape: RegExp, text: string, start: number): RegExpExecArray | null {
  shape.lastIndex = start
  return shape.exec(text)
}

const isZone = (unit: number): boolean =>
  (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 60

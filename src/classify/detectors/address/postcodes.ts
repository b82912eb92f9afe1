import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { isWordAt } from '../../scan/symbols.ts'
import { isCommune } from './french.ts'

export const POSTCODE_WORDS: LiteralGroup = {
  name: 'postcode',
  standing: 'word',
  words:
    'zip code|zip|zipcode|postcode|post code|postal code|code postal|plz|postleitzahl|cap'.split(
      '|',
    ),
}

/** What a place alone says; see the detector of persons. */
const SAID_ONLY = 0.48
const AFTER_WORD =
  /(?: is|:| est|=| :)? ?(?:\d{5}(?:-\d{4})?|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\p{L}\d])/uy
const COMMUNE =
  /\p{Lu}[\p{L}'’-]{1,30}(?:[ -](?:\p{Lu}[\p{L}'’-]{0,30}|sur|sous|en|les|le|la|de|du|lès|l['’]\p{L}{2,20}|d['’]\p{L}{2,20})){0,5}/uy

/** A postcode by its name, or before the commune it serves: "69003 Lyon". */
export function findPostcodes(scan: Scan, found: Found): void {
  const { text } = scan
  const words = scan.hits(POSTCODE_WORDS.name)
  for (let i = 0; i < words.length && !scan.steps.exhausted; i++) {
    scan.steps.spend(24)
    AFTER_WORD.lastIndex = words.ends[i] ?? 0
    const match = AFTER_WORD.exec(text)
    if (match === null) continue
    const code = match[0].replace(/^(?: is|:| est|=| :)? ?/, '')
    say(AFTER_WORD.lastIndex - code.length, AFTER_WORD.lastIndex, 'postcode', found)
  }
  for (const start of scan.runs.numbers) {
    if (text[start + 5] !== ' ' || !/^\d{5} \p{Lu}/u.test(text.slice(start, start + 7))) continue
    scan.steps.spend(80)
    if (isWordAt(text, start - 1)) continue
    COMMUNE.lastIndex = start + 6
    const town = COMMUNE.exec(text)?.[0]
    if (town === undefined) continue
    const postcode = text.slice(start, start + 5)
    // "69003 Lyon Jeudi": the commune may be fewer words than were read
    const whole = [town, ...shorter(town)].find((name) => isCommune(postcode, name))
    if (whole !== undefined) say(start, start + 6 + whole.length, 'postcode-fr', found)
  }
}

function shorter(town: string): readonly string[] {
  const words = town.split(' ')
  return words.slice(1).map((_, i) => words.slice(0, words.length - 1 - i).join(' '))
}

function say(start: number, end: number, rule: string, found: Found): void {
  found({ type: 'LOCATION', rule, start, end, confidence: SAID_ONLY, because: [{ kind: 'shape' }] })
}

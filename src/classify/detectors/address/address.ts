import type { Detector } from '../../scan/detector.ts'
import { isWordAt } from '../../scan/symbols.ts'

const NUMBER_BEFORE = /(?<![\d.,/-])\d{1,4}(?: ?(?:bis|ter|quater|[A-D]))?,? {1,2}$/
const NAME_FR =
  /(?: (?:de la|de l['’]|des|du|de|d['’]|le|la|les|l['’]|aux?))? ?[\p{L}\d][\p{L}\d'’.-]{1,30}(?: (?:de|du|des|la|le|et|[\p{Lu}\d][\p{L}\d'’.-]{0,30})){0,5}/uy
const TOWN_FR =
  /(?: ?(?:,|–|-|\n|\r\n) ?| )(?:(?:BP|CS) \d{1,6},? )?(?:F-?)?(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3},? \p{Lu}[\p{L}'’-]{1,30}(?:[ -](?:\p{Lu}[\p{L}'’-]{0,30}|sur|sous|en|les|le|la|de|du|lès|l['’]\p{L}{2,20}|d['’]\p{L}{2,20})){0,5}(?: (?:[Cc]edex|CEDEX)(?: \d{1,2})?)?/uy
const BEFORE_EN =
  /(?<![\d.,/-])\d{1,5}[A-Za-z]?(?:[/-]\d{1,4})?,? (?:(?:N|S|E|W|North|South|East|West|Old|New|St\.?)\.? )?(?:(?:\p{Lu}[\p{L}'’.-]{1,20}|\d{1,3}(?:st|nd|rd|th)) ){1,3}$/u
const AFTER_EN =
  /\.?(?:,? (?:Apt|Suite|Unit|Floor|Flat|#)\.? ?[\w-]{1,6})?(?:(?:,|\n|,\n) ?(?:\p{Lu}\p{Ll}[\p{L}'’.-]{0,20} ?){1,3})?(?:,? ?(?:[A-Z]{2} \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}))?/uy
const POSTCODE = /(?:\d{5}|\d[A-Z]{2})(?:-\d{4})?$/

const FR_STREETS =
  'rue|avenue|av.|boulevard|bd|bld|place|chemin|impasse|allée|allées|quai|cours|route|square|faubourg|lotissement|voie|passage|sentier|esplanade|promenade|montée|rond-point|résidence|ruelle|villa|cité|hameau|clos|venelle|traverse'
const EN_STREETS =
  'street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|square|sq|terrace|crescent|close|gardens|parkway|pkwy|highway|hwy|circle|trail|row|mews|grove|hill|walk|green|alley'

/** French addresses (number, street type, name, postcode, town) and English ones (number, name, street type). */
export const address: Detector = {
  id: 'address',
  acrossParts: false,
  literals: [
    { name: 'street-fr', standing: 'word', words: FR_STREETS.split('|') },
    { name: 'street-en', standing: 'word', words: EN_STREETS.split('|') },
  ],
  find(scan, found) {
    const { text } = scan
    const french = scan.hits('street-fr')
    for (let i = 0; i < french.length && !scan.steps.exhausted; i++) {
      const at = french.starts[i] ?? 0
      scan.steps.spend(20)
      const before = NUMBER_BEFORE.exec(text.slice(Math.max(0, at - 16), at))
      if (before === null || isWordAt(text, at - before[0].length - 1)) continue
      NAME_FR.lastIndex = french.ends[i] ?? 0
      if (text[NAME_FR.lastIndex] !== ' ' || !NAME_FR.test(text)) continue
      const nameEnd = NAME_FR.lastIndex
      scan.steps.spend(80)
      const [end, town] = withTown(text, french.ends[i] ?? 0, nameEnd)
      if (!town && !/\p{Lu}/u.test(text.slice(french.ends[i] ?? 0, end))) continue
      found({
        type: 'LOCATION',
        rule: 'address-fr',
        start: at - before[0].length,
        end,
        confidence: town ? 0.9 : 0.65,
        because: [{ kind: 'shape' }, { kind: 'keyword', keyword: french.words[i] ?? 'rue' }],
      })
    }
    const english = scan.hits('street-en')
    for (let i = 0; i < english.length && !scan.steps.exhausted; i++) {
      const at = english.starts[i] ?? 0
      scan.steps.spend(20)
      if (!/\p{Lu}/u.test(text[at] ?? '')) continue
      const before = BEFORE_EN.exec(text.slice(Math.max(0, at - 60), at))
      if (before === null) continue
      AFTER_EN.lastIndex = english.ends[i] ?? 0
      AFTER_EN.test(text)
      scan.steps.spend(80)
      const start = at - before[0].length
      const end = Math.max(AFTER_EN.lastIndex, english.ends[i] ?? 0)
      const full = POSTCODE.test(text.slice(start, end))
      found({
        type: 'LOCATION',
        rule: 'address-en',
        start,
        end: trimEnd(text, end),
        confidence: full ? 0.9 : 0.65,
        because: [{ kind: 'shape' }, { kind: 'keyword', keyword: english.words[i] ?? 'street' }],
      })
    }
  },
}

/** The end with postcode and town where they follow the street, else the end of the street's name. */
function withTown(text: string, nameFrom: number, nameEnd: number): readonly [number, boolean] {
  for (let at = nameEnd; at > nameFrom && at > nameEnd - 60; at--) {
    if (at < nameEnd && isWordAt(text, at)) continue
    TOWN_FR.lastIndex = at
    if (TOWN_FR.test(text)) return [TOWN_FR.lastIndex, true]
  }
  return [nameEnd, false]
}

const trimEnd = (text: string, end: number): number => {
  let at = end
  while (at > 0 && /[\s,]/.test(text[at - 1] ?? '')) at--
  return at
}

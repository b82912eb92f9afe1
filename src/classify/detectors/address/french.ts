import communes from '../../names/communes.json' with { type: 'json' }
import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { isWordAt } from '../../scan/symbols.ts'

export const FRENCH_STREETS: LiteralGroup = {
  name: 'street-fr',
  standing: 'word',
  words:
    'rue|avenue|av.|ave|boulevard|bd|bld|boul.|place|pl.|chemin|ch.|chem.|impasse|imp.|allée|allées|all.|quai|cours|route|rte|square|faubourg|fbg|lotissement|lot.|voie|passage|sentier|sente|esplanade|promenade|montée|rond-point|résidence|rés.|ruelle|villa|cité|hameau|clos|venelle|traverse|mail|parvis|galerie|côte|rampe|escalier|zone artisanale|zone industrielle|zac|lieu-dit|domaine|parc|corniche|chaussée'.split(
      '|',
    ),
}

const NUMBER_BEFORE =
  /(?<![\d.,/-])\d{1,4}(?: ?[-/] ?\d{1,4})?(?: ?(?:bis|ter|quater|[A-D]))?,? {1,2}$/
const NAME =
  /(?: (?:de la|de l['’]|des|du|de|d['’]|le|la|les|l['’]|aux?))? ?[\p{L}\d][\p{L}\d'’.-]{1,30}(?: (?:de|du|des|la|le|et|[\p{Lu}\d][\p{L}\d'’.-]{0,30})){0,5}/uy
const TOWN = new RegExp(
  // a floor, a building, a box may stand on lines of their own between the street and the town
  '(?:(?: ?[,\\n–-] ?| )(?:\\d{1,2} ?(?:e|è|ème|er) étage|RDC|(?:[Bb]ât(?:iment)?|[Ee]sc(?:alier)?|[Aa]pp(?:t|artement)?|[Rr]ésidence|[Ii]mmeuble|[Ee]ntrée|[Pp]orte|[Éé]tage|BP|CS|TSA)\\.? ?[\\p{L}\\d][\\p{L}\\d-]{0,12}),?){0,3}' +
    "(?: ?(?:,|–|-|\\n|\\r\\n) ?| )(?:F-?)?((?:0[1-9]|[1-8]\\d|9[0-8])[ ]?\\d{3}),? (\\p{Lu}[\\p{L}'’-]{1,30}(?:[ -](?:\\p{Lu}[\\p{L}'’-]{0,30}|sur|sous|en|les|le|la|de|du|lès|l['’]\\p{L}{2,20}|d['’]\\p{L}{2,20})){0,5})(?: (?:[Cc]edex|CEDEX)(?: \\d{1,2})?)?",
  'uy',
)

/** Number, street type, name; with the postcode and the commune it serves when they follow. */
export function findFrench(scan: Scan, found: Found): void {
  const { text } = scan
  const streets = scan.hits(FRENCH_STREETS.name)
  for (let i = 0; i < streets.length && !scan.steps.exhausted; i++) {
    const at = streets.starts[i] ?? 0
    const typeEnd = streets.ends[i] ?? 0
    scan.steps.spend(20)
    const before = NUMBER_BEFORE.exec(text.slice(Math.max(0, at - 20), at))
    if (before === null || isWordAt(text, at - before[0].length - 1)) continue
    NAME.lastIndex = typeEnd
    if (text[typeEnd] !== ' ' || !NAME.test(text)) continue
    scan.steps.spend(80)
    const { end, town } = withTown(text, typeEnd, NAME.lastIndex)
    if (town === 'none' && !/\p{Lu}/u.test(text.slice(typeEnd, end))) continue
    found({
      type: 'LOCATION',
      rule: 'address-fr',
      start: at - before[0].length,
      end,
      confidence: town === 'listed' ? 0.95 : town === 'read' ? 0.9 : 0.65,
      because: [{ kind: 'shape' }, { kind: 'keyword', keyword: streets.words[i] ?? 'rue' }],
    })
  }
}

interface Reached {
  readonly end: number
  /** listed: the postcode serves a commune of that name. */
  readonly town: 'listed' | 'read' | 'none'
}

/** The end with postcode and town where they follow the street, else the end of the street's name. */
function withTown(text: string, nameFrom: number, nameEnd: number): Reached {
  for (let at = nameEnd; at > nameFrom && at > nameEnd - 60; at--) {
    if (at < nameEnd && isWordAt(text, at)) continue
    TOWN.lastIndex = at
    const match = TOWN.exec(text)
    if (match === null) continue
    const listed = isCommune(match[1] ?? '', match[2] ?? '')
    return { end: TOWN.lastIndex, town: listed ? 'listed' : 'read' }
  }
  return { end: nameEnd, town: 'none' }
}

let byPostcode: ReadonlyMap<string, string> | undefined

/** Whether the postcode serves a commune of this name; for Paris, Lyon and Marseille any of their own. */
export function isCommune(postcode: string, town: string): boolean {
  byPostcode ??= new Map(communes.map(([code = '', names = '']) => [code, names]))
  const names = byPostcode.get(postcode.replace(' ', ''))
  if (names === undefined) return false
  const folded = town
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('’', "'")
    .replaceAll(' ', '-')
    .replace(/^ste?-/, (short) => (short === 'st-' ? 'saint-' : 'sainte-'))
  return ` ${names} `.includes(` ${folded} `) || names.startsWith(`${folded}-`)
}

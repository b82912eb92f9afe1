import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'

/** Words of an age, French, English, German. */
export const AGE_WORDS: LiteralGroup = {
  name: 'age',
  standing: 'word',
  words:
    'ans|years old|year old|years-old|year-old|yr-old|yo|y/o|months old|month-old|mois|years of age|aged|âgé de|âgée de|âgés de|âgées de|jahre alt|jähriger|jährige|turned|turning'.split(
      '|',
    ),
}

/** An age alone says little of anyone. */
const SAID_ONLY = 0.48
const BEFORE = /(?<![\d.,/-])\d{1,3}[ -]?$/
const AFTER = /,? (?:de )?\d{1,3}(?![\d.,/]\d|\d| ?%)/y
/** Within reach of these a number of years is an age, else a duration. */
const SAID_OF =
  /(?:âgée?s?|aged?|homme|femme|patiente?|fille|garçon|enfant|monsieur|madame|salariée?)(?: de)?,? $/i
const NEAR = 40

/** "84-year-old", "âgé de 45 ans", "Camille Durand, 45 ans"; never "il y a 10 ans". */
export function findAges(scan: Scan, found: Found): void {
  const { text } = scan
  const words = scan.hits(AGE_WORDS.name)
  for (let i = 0; i < words.length && !scan.steps.exhausted; i++) {
    const [start, end, word] = [words.starts[i] ?? 0, words.ends[i] ?? 0, words.words[i] ?? '']
    scan.steps.spend(16)
    if (/^(?:aged|turn|âgé)/.test(word)) {
      AFTER.lastIndex = end
      const match = AFTER.exec(text)
      if (match !== null) say(end + match[0].search(/\d/), AFTER.lastIndex, word, found)
      continue
    }
    const number = BEFORE.exec(text.slice(Math.max(0, start - 6), start))
    if (number === null) continue
    const at = start - number[0].length
    if ((word === 'ans' || word === 'mois') && !isOfSomeone(scan, at)) continue
    say(at, end, word, found)
  }
}

/** Said of a person: a word for one before it, or a name right before a comma or a bracket. */
function isOfSomeone(scan: Scan, at: number): boolean {
  const before = scan.text.slice(Math.max(0, at - NEAR), at)
  if (SAID_OF.test(before)) return true
  return /\p{L}(?:, | \()$/u.test(before) && scan.hasPerson(at - NEAR, at)
}

function say(start: number, end: number, keyword: string, found: Found): void {
  found({
    type: 'DATE_TIME',
    rule: 'age',
    start,
    end,
    confidence: SAID_ONLY,
    because: [{ kind: 'shape' }, { kind: 'keyword', keyword }],
  })
}

import { BREAK, kindsOf, TITLE } from '../../names/gazetteer.ts'
import type { Found } from '../../scan/detector.ts'
import type { PersonSpan, Scan } from '../../scan/scan.ts'

const PARTICLE =
  "(?:[Dd]e [Ll]a|[Dd]e|[Dd]u|[Dd]es|[Dd]['’]|[Ll]e|[Ll]a|[Vv]an der|[Vv]an den|[Vv]an|[Vv]on|der|den|[Bb]en|[Bb]in|[Ee]l|[Aa]l|[Dd]a|[Dd]os|[Dd]i|[Dd]el|[Ss]t\\.?|O['’])"
const WORD = "(?:\\p{Lu}\\.|\\p{Lu}[\\p{L}'’]{0,24}(?:-\\p{Lu}[\\p{L}'’]{1,24}){0,2})"
const AFTER_TITLE = new RegExp(
  `\\.? {1,2}(?:${PARTICLE}(?: |(?<=['’])))?${WORD}(?:(?: ${PARTICLE}(?: |(?<=['’])))? ?${WORD}){0,3}`,
  'uy',
)
/** The next of several: "MM. Durand, Petit et Roche". */
const NEXT_OF_LIST = new RegExp(
  `(?:, | et | and |, et |, and )${WORD}(?: ${WORD}){0,2}(?![\\p{L}\\d])`,
  'uy',
)
const MOST_OF_LIST = 12
/** Titles that are words or initials in lower case. */
const EXACT_TITLE =
  /^(?:M\.?|MM\.?|Me|Pr|Dr|Mr|Mrs|Ms|Mme|Mmes|Mlle|Mlles|Miss|Sir|Maître|Monsieur|Messieurs|Madame|Mesdames|Mademoiselle|Docteur|Professeur|Doctor|Professor|Mister|Messrs|Prof|Herr|Frau|DR|MR|MRS|MS|MME|MLLE|mme|mmes|mlle|monsieur|messieurs|madame|mesdames|mademoiselle|maître|docteur|mr|mrs)\b/
const SEVERAL = /^(?:MM|Mmes|mmes|Mlles|Messieurs|messieurs|Mesdames|mesdames|Messrs)/

/** Literals of the shared pass; how they must be written is checked at each hit. */
export const CIVILITIES: readonly string[] =
  'm.|m|mm.|mm|mme|mmes|mlle|mlles|mr|mrs|ms|messrs|dr|me|pr|prof|monsieur|messieurs|madame|mesdames|mademoiselle|maître|docteur|professeur|doctor|professor|miss|sir|mister|herr|frau'.split(
    '|',
  )

/** Names after civilities, in order; what is told is also returned. */
export function findAfterCivility(scan: Scan, found: Found): readonly PersonSpan[] {
  const { text } = scan
  const titles = scan.hits('title')
  const told: PersonSpan[] = []
  for (let i = 0; i < titles.length && !scan.steps.exhausted; i++) {
    const at = titles.starts[i] ?? 0
    const titleEnd = titles.ends[i] ?? 0
    if (at < (told.at(-1)?.end ?? 0) || !EXACT_TITLE.test(text.slice(at, at + 14))) continue
    AFTER_TITLE.lastIndex = titleEnd
    const match = AFTER_TITLE.exec(text)
    scan.steps.spend(40)
    if (match === null) continue
    let end = AFTER_TITLE.lastIndex
    const whole = match[0].replace(/^\.? {1,2}/, '')
    const start = end - whole.length
    end = start + kept(whole).replace(/['’]s?$/, '').length
    const bare = text.slice(at, titleEnd) === 'M'
    if (
      end - start < 2 ||
      isNobody(text.slice(start, end)) ||
      (bare && !isSurname(whole, match[0]))
    )
      continue
    tell(scan, start, end, 0.8, 'civility', found)
    told.push({ start, end })
    if (SEVERAL.test(text.slice(at, at + 10))) tellList(scan, end, told, found)
  }
  return told
}

function tellList(scan: Scan, from: number, told: PersonSpan[], found: Found): void {
  let at = from
  for (let i = 0; i < MOST_OF_LIST; i++) {
    NEXT_OF_LIST.lastIndex = at
    const match = NEXT_OF_LIST.exec(scan.text)
    scan.steps.spend(40)
    if (match === null) return
    at = NEXT_OF_LIST.lastIndex
    const name = match[0].replace(/^,? ?(?:et |and )?/, '')
    if (name.length < 3 || kept(name) !== name) return
    tell(scan, at - name.length, at, 0.7, 'civility', found)
    told.push({ start: at - name.length, end: at })
  }
}

/** "M" without its full stop is a name's only before a capitalised word: "M Dupont", never "M. " of a unit. */
const isSurname = (name: string, match: string): boolean =>
  /^\p{Lu}[\p{Ll}\p{Lu}]/u.test(name) && !match.startsWith('. ')

/** "M. X.", "M. le Directeur": an initial or an office, no name. */
const isNobody = (name: string): boolean =>
  /^(?:\p{Lu}\.)+$/u.test(name) || (/^(?:le|la|Le|La) /.test(name) && isOffice(name.slice(3)))

const isOffice = (word: string): boolean => (kindsOf(word, 0, word.length) & TITLE) !== 0

/** A name up to the first word that begins something else; particles stay. */
function kept(name: string): string {
  const words = name.split(' ')
  const cut = words.findIndex((word, i) => {
    const first = /^(?:Le|La|El|Ben|De|Du|Des|Van|Von|Al|L|D|St)$/i.test(word)
    return !(first && i + 1 < words.length) && (kindsOf(word, 0, word.length) & BREAK) !== 0
  })
  return cut < 0 ? name : words.slice(0, cut).join(' ')
}

/** Tells a person to the caller and to the detectors that ask who is spoken of. */
export function tell(
  scan: Scan,
  start: number,
  end: number,
  confidence: number,
  keyword: string,
  found: Found,
): void {
  scan.addPerson({ start, end })
  found({
    type: 'PERSON',
    rule: keyword === 'civility' ? 'person-civility' : 'person-name',
    start,
    end,
    confidence,
    because: [
      { kind: 'person', how: 'name' },
      { kind: 'keyword', keyword },
    ],
  })
}

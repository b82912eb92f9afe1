import type { Detector, Found } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { FIRST_NAMES } from '../../data/first-names.ts'

const PARTICLE =
  "(?:[Dd]e [Ll]a|[Dd]e|[Dd]u|[Dd]es|[Dd]['’]|[Ll]e|[Ll]a|[Vv]an der|[Vv]an den|[Vv]an|[Vv]on|der|den|[Bb]en|[Bb]in|[Ee]l|[Aa]l|[Dd]a|[Dd]os|[Dd]i|[Dd]el|[Ss]t\\.?|O['’])"
const WORD = "\\p{Lu}[\\p{L}'’]{0,24}(?:-\\p{Lu}[\\p{L}'’]{1,24}){0,2}"
/** Surnames after a first name; an initial may stand between. */
const SURNAME = new RegExp(
  `(?: \\p{Lu}\\.)?(?: ${PARTICLE}(?: |(?<=['’])))?(?: ?)(?:${WORD})(?: (?:${PARTICLE} ?)?${WORD}){0,2}`,
  'uy',
)
const AFTER_TITLE = new RegExp(
  `\\.? (?:${PARTICLE}(?: |(?<=['’])))?${WORD}(?:(?: ${PARTICLE})? ${WORD}){0,3}`,
  'uy',
)
const ATTACHED_FIRST = /^-\p{Lu}\p{L}{1,20}/u
const COMPANY_AFTER =
  /^,? ?(?:SAS|SASU|SARL|SA|SNC|SCI|EURL|Inc|Ltd|LLC|LLP|GmbH|AG|BV|NV|Corp|Co|plc|PLC|et Fils|& Fils|& Co|Industries|Group|Groupe|University|School|Hospital|Foundation|Award|Prize|Theorem)\b/
const PLACE_BEFORE =
  /(?<!\p{L})(?:rue|avenue|place|boulevard|bd|quai|lycée|collège|école|université|hôpital|prix|fondation|stade|gare|pont|square|théâtre|musée|saint|sainte|st|ste|street|road|university|school|hospital|institute|foundation|prize|award|theorem|port|fort|mont|mount|lake|cape)(?: (?:de|du|d['’]|of))?[ -]$/iu
const NOT_SURNAME = new Set(
  'January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Janvier Février Mars Avril Mai Juin Juillet Août Septembre Octobre Novembre Décembre Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche Code Sonnet Opus Haiku Instruct Street Road Avenue River City County State Island Bay Beach Park Hall Hotel House University College Cup Open League The This That And But For With From You We They He She It If When Where What How Is Are Was Will Le La Les Un Une Des Et Mais Ou Donc Il Elle Nous Vous Ils Elles Ce Cette Ces Est Je Tu On API SDK CLI HTTP HTTPS URL JSON XML SQL HTML CSS ID IT PDF'.split(
    ' ',
  ),
)
/** Titles that are words or initials in lower case. */
const EXACT_TITLE =
  /^(?:M\.?|Me|Pr|Dr|Mr|Mrs|Ms|Mme|Mlle|Miss|Sir|Maître|Monsieur|Madame|Mademoiselle|Docteur|Professeur|Doctor|Professor|Mister|DR|MR|MRS|MS|MME|MLLE|mme|mlle|monsieur|madame|maître|docteur|mr|mrs)\b/

const COMPANY_WORD =
  / (?:SAS|SASU|SARL|SA|SNC|SCI|EURL|Inc|Ltd|LLC|LLP|GmbH|AG|BV|NV|Corp|Co|PLC|Industries|Group|Groupe|University|School|Hospital|Foundation|Hotel)\b/
const PARTICLE_NAME = /^(?:Le|La|El|Ben|De|Du) \p{Lu}/u

/** Persons by civility and capitalised names, or by a listed first name and a capitalised surname; a first name alone is only a hint for other detectors. */
export const person: Detector = {
  id: 'person',
  acrossParts: false,
  literals: [
    {
      name: 'title',
      standing: 'word',
      words: [
        'm.',
        'm',
        'mme',
        'mlle',
        'mr',
        'mrs',
        'ms',
        'dr',
        'me',
        'pr',
        'monsieur',
        'madame',
        'mademoiselle',
        'maître',
        'docteur',
        'professeur',
        'doctor',
        'professor',
        'miss',
        'sir',
        'mister',
      ],
    },
    { name: 'first-name', standing: 'word', words: FIRST_NAMES },
  ],
  find(scan, found) {
    const { text } = scan
    const titles = scan.hits('title')
    let done = -1
    for (let i = 0; i < titles.length && !scan.steps.exhausted; i++) {
      const at = titles.starts[i] ?? 0
      if (!EXACT_TITLE.test(text.slice(at, at + 14))) continue
      AFTER_TITLE.lastIndex = titles.ends[i] ?? 0
      const match = AFTER_TITLE.exec(text)
      scan.steps.spend(40)
      const name = match?.[0].replace(/^\.? /, '') ?? ''
      const bare = text.slice(at, titles.ends[i]) === 'M'
      const lone = NOT_SURNAME.has(name.split(' ')[0] ?? '') && !PARTICLE_NAME.test(name)
      if (match === null || lone || name.length < 2) continue
      if (bare && !/^\p{Lu}[\p{Ll}\p{Lu}]/u.test(name)) continue
      if (bare && match[0].startsWith('. ')) continue
      done = AFTER_TITLE.lastIndex
      note(scan, done - name.length, done, 0.8, 'civility', found)
    }
    firstNames(scan, found)
  },
}

function firstNames(scan: Scan, found: Found): void {
  const { text } = scan
  const names = scan.hits('first-name')
  let done = -1
  for (let i = 0; i < names.length && !scan.steps.exhausted; i++) {
    const at = names.starts[i] ?? 0
    let end = names.ends[i] ?? 0
    if (at < done || !/^\p{Lu}/u.test(text[at] ?? '') || /[\w@/.#`$-]/.test(text[at - 1] ?? ' '))
      continue
    scan.steps.spend(40)
    if (PLACE_BEFORE.test(text.slice(Math.max(0, at - 16), at))) continue
    end += ATTACHED_FIRST.exec(text.slice(end, end + 24))?.[0].length ?? 0
    if (/[\w@/`-]/.test(text[end] ?? ' ')) continue
    SURNAME.lastIndex = end
    const match = text[end] === ' ' ? SURNAME.exec(text) : null
    const surname = match?.[0].trim() ?? ''
    const first = surname.split(' ')[0] ?? ''
    if (
      match === null ||
      (NOT_SURNAME.has(first) && !PARTICLE_NAME.test(surname)) ||
      surname.length < 2
    ) {
      done = loneOrReversed(scan, at, end, found)
      continue
    }
    const kept = trimmed(match[0])
    done = end + kept.length
    if (COMPANY_AFTER.test(text.slice(done, done + 14)) || COMPANY_WORD.test(kept)) continue
    note(scan, at, done, 0.7, 'first name and surname', found)
  }
}

/** Leaves out a capitalised word that begins something else: "Marie Dupont January". */
function trimmed(match: string): string {
  const words = match.split(' ')
  const cut = words.findIndex((word, i) => i > 1 && NOT_SURNAME.has(word))
  return cut < 0 ? match : words.slice(0, cut).join(' ')
}

/** `DUPONT Jean` in lists; otherwise a hint only. */
function loneOrReversed(scan: Scan, at: number, end: number, found: Found): number {
  const before = /(?:^|[\s;,|"(])((?:\p{Lu}{2,20}[- ]){0,2}\p{Lu}{3,24}),? $/u.exec(
    scan.text.slice(Math.max(0, at - 48), at),
  )
  const surname = before?.[1] ?? ''
  if (
    surname !== '' &&
    !NOT_SURNAME.has(surname) &&
    /^\p{Lu}\p{Ll}/u.test(scan.text.slice(at, at + 2))
  ) {
    const start =
      at - (before?.[0].trimStart().length ?? 0) - (/^[;,|"(]/.test(before?.[0] ?? '') ? -1 : 0)
    note(scan, start, end, 0.6, 'surname and first name', found)
  } else scan.addPerson({ start: at, end })
  return end
}

function note(
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
    rule: keyword === 'civility' ? 'person-civility' : 'person-first-name',
    start,
    end,
    confidence,
    because: [
      { kind: 'person', how: 'name' },
      { kind: 'keyword', keyword },
    ],
  })
}

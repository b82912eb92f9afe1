import {
  BREAK,
  COMMON_FIRST,
  DICTIONARY,
  FIRST,
  kindsOf,
  LAST,
  ORDINARY,
  PLACE,
} from '../../names/gazetteer.ts'
import { isSourceCode } from '../../names/source-code.ts'
import type { Found } from '../../scan/detector.ts'
import type { LiteralGroup } from '../../scan/lexicon.ts'
import type { Scan } from '../../scan/scan.ts'
import { tell } from './civility.ts'

/** How people give their name; what follows is one, in capitals or not. */
export const INTRODUCTIONS: LiteralGroup = {
  name: 'introduced',
  standing: 'word',
  words:
    "my name is|my name's|je m'appelle|mon nom est|ich heisse|ich heiße|mein name ist|me llamo|mi nombre es|mi chiamo|call me|people call me".split(
      '|',
    ),
}

/** Names of fields of forms; what follows a colon, a question or "is", or the value of such a field, is a name. */
export const NAME_FIELDS: LiteralGroup = {
  name: 'name-field',
  standing: 'word',
  words:
    "last name|first name|surname|full name|given name|family name|middle name|maiden name|nom de famille|nom complet|nom de naissance|nom d'usage|prénom|prénoms|nom et prénom|nom du patient|nom du client|name on the account|patient name|customer name|client name|cardholder|cardholder name|titulaire|nachname|vorname|apellido|cognome".split(
      '|',
    ),
}

const WORD = /[ "'«:]{0,3}(\p{L}[\p{L}'’-]{1,24})/uy
const NEXT_WORD = /( (?:\p{Lu}\. )?)(\p{L}[\p{L}'’-]{1,24})/uy
const AFTER_FIELD = /["'”]?(?: ?(?:is|est|ist) |[ \t]{0,2}[:=?][ \t]{0,2}["'“«]?)(?=\p{Lu})/uy
const MOST_WORDS = 3
/** A field of a form holds a name and little else. */
const LONGEST_VALUE = 60
const NAME_ONLY =
  /^\p{Lu}[\p{L}'’.-]{0,24}(?: (?:de |du |le |la |van |von |der |ben |el |da )?\p{Lu}[\p{L}'’.-]{0,24}){0,4}$/u

/** Names that are given as such, in whatever case. */
export function findIntroduced(scan: Scan, found: Found): void {
  const { text } = scan
  const said = scan.hits(INTRODUCTIONS.name)
  for (let i = 0; i < said.length && !scan.steps.exhausted; i++)
    tellName(scan, said.ends[i] ?? 0, found)
  const fields = scan.hits(NAME_FIELDS.name)
  for (let i = 0; i < fields.length && !scan.steps.exhausted; i++) {
    AFTER_FIELD.lastIndex = fields.ends[i] ?? 0
    scan.steps.spend(8)
    if (AFTER_FIELD.test(text)) tellName(scan, AFTER_FIELD.lastIndex, found)
  }
  const named = text.length <= LONGEST_VALUE && scan.inKey(NAME_FIELDS.name) !== undefined
  if (named && NAME_ONLY.test(text)) tell(scan, 0, text.length, 0.65, 'field', found)
}

/** Reads up to three words from `at`; those in lower case must be listed as names. */
function tellName(scan: Scan, at: number, found: Found): void {
  const { text } = scan
  scan.steps.spend(3 * 24)
  WORD.lastIndex = at
  const first = WORD.exec(text)?.[1]
  if (first === undefined) return
  let end = WORD.lastIndex
  const start = end - first.length
  const kinds = kindsOf(text, start, end)
  const lower = first.toLowerCase() === first
  if ((kinds & BREAK) !== 0 || (lower && (kinds & FIRST) === 0)) return
  for (let words = 1; words < MOST_WORDS; words++) {
    NEXT_WORD.lastIndex = end
    const match = NEXT_WORD.exec(text)
    if (match === null) break
    const from = NEXT_WORD.lastIndex - (match[2]?.length ?? 0)
    const next = kindsOf(text, from, NEXT_WORD.lastIndex)
    const capital = /^\p{Lu}/u.test(match[2] ?? '')
    const listed = (next & (LAST | FIRST)) !== 0 && (next & (ORDINARY | BREAK)) === 0
    if ((next & BREAK) !== 0 || !(capital ? !lower : lower && listed)) break
    end = NEXT_WORD.lastIndex
  }
  tell(scan, start, end, lower ? 0.6 : 0.7, 'introduced', found)
}

/** Longer texts without one capital are data, not somebody who types. */
const LONGEST_TYPED = 4_000
const TYPED_WORD =
  /(?<![\p{L}\d@/._=<"'`#$-])\p{Ll}[\p{Ll}'’-]{2,24}(?![\p{L}\d@/_=>"'`:(-]|\.\p{L})/gu

/** Names in a text typed without capitals: first names that are no word of the language, with the family name after them. */
export function findTyped(scan: Scan, found: Found): void {
  const { text } = scan
  if (scan.runs.capitals.length > 0 || text.length > LONGEST_TYPED) return
  let last: { start: number; end: number } | undefined
  scan.steps.spend(4 * text.length)
  for (const match of text.matchAll(TYPED_WORD)) {
    const start = match.index
    const end = start + match[0].length
    const kinds = kindsOf(text, start, end)
    if (last !== undefined && start === last.end + 1) {
      const surname =
        (kinds & (LAST | FIRST)) !== 0 && (kinds & (ORDINARY | DICTIONARY | BREAK)) === 0
      tell(scan, last.start, surname ? end : last.end, surname ? 0.65 : 0.48, 'typed', found)
      last = undefined
      if (surname) continue
    } else if (last !== undefined) tell(scan, last.start, last.end, 0.48, 'typed', found)
    const sure = (kinds & COMMON_FIRST) !== 0 && (kinds & (DICTIONARY | PLACE | BREAK)) === 0
    last = sure && match[0].length > 3 && !isSourceCode(scan, start) ? { start, end } : undefined
  }
  if (last !== undefined) tell(scan, last.start, last.end, 0.48, 'typed', found)
}

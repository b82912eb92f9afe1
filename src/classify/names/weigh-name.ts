import { isDigitAt, kindAt, LETTER, LOWER, UPPER } from '../scan/symbols.ts'
import type { Word } from './capital-run.ts'
import {
  BEFORE,
  COMMON_FIRST,
  COMMON_LAST,
  FIRST,
  kindsOf,
  KNOWN_PLACE,
  LAST,
  ORDINARY,
  ORGANISATION,
  PLACE,
  SITE,
  TITLE,
  VERB,
} from './gazetteer.ts'

/** From here on a run of capitals is told as a person. */
export const ENOUGH = 0.5

/** What speaks for a person in words [from, to) of a run, 0 to 1: first name, family name, what stands before and after. */
export function weighName(text: string, words: readonly Word[]): number {
  const [head] = words
  const tail = words.at(-1)
  if (head === undefined || tail === undefined) return 0
  if (tail.initial && !has(head, FIRST)) return 0
  if (words.length > 1 && (kindsOf(text, head.start, tail.end) & PLACE) !== 0) return 0
  const inner = words.length === 1 ? alone(head) : together(text, words)
  if (inner === 0) return 0
  const sure = has(head, COMMON_FIRST) && !has(head, PLACE | ORDINARY)
  const ahead = before(text, head.start, words.length, sure)
  if (inner + Math.max(ahead, 0) + ACTS < ENOUGH) return 0
  const behind = after(text, tail.end, words.length)
  // what people do says more than the start of a sentence
  return inner + behind + (behind >= ACTS && ahead > -0.1 ? Math.max(0, ahead) : ahead)
}

const has = (word: Word, kind: number): boolean => (word.kinds & kind) !== 0

/** What makes any names before it a company's. */
export const COMPANY =
  /^(?:SAS|SASU|SARL|SA|SNC|SCI|EURL|Inc|INC|Ltd|LTD|LLC|LLP|GmbH|AG|KG|BV|NV|Corp|Corporation|Co|plc|PLC|SE|SpA|Industries|Group|Groupe|Holdings?|Bank|Banque|University|Media|Motors|Records|Box)$/

const COMPANY_AFTER =
  /^(?:,? (?:SAS|SASU|SARL|SA|SNC|SCI|EURL|Inc|Ltd|LLC|LLP|GmbH|AG|BV|NV|Corp|plc|PLC|et Fils|& Fils|& Sons|& Co|and Sons|et Cie|& Cie)\b)/

/** A word by itself. */
function alone(word: Word): number {
  if (word.initial || has(word, ORGANISATION | SITE | TITLE) || word.end - word.start < 3) return 0
  let score = 0.15
  if (has(word, COMMON_FIRST)) score = 0.5
  else if (has(word, FIRST)) score = 0.38
  else if (has(word, LAST)) score = 0.32
  if (has(word, ORDINARY)) score -= 0.25
  if (has(word, PLACE)) score -= has(word, COMMON_FIRST) && !has(word, KNOWN_PLACE) ? 0.1 : 0.25
  if (word.upper) score -= 0.15
  return score
}

function together(text: string, words: readonly Word[]): number {
  const [head] = words
  const tail = words.at(-1)
  if (head === undefined || tail === undefined) return 0
  if (has(tail, ORGANISATION | SITE) && COMPANY.test(text.slice(tail.start, tail.end))) return 0
  const things = words.some((word) => has(word, ORGANISATION | SITE) && !has(word, LAST | FIRST))
  if (things || words.some((word, i) => i > 0 && has(word, TITLE) && !has(word, LAST | FIRST)))
    return 0
  const sited = has(tail, ORGANISATION | SITE)
  let score = 0.1
  if (head.upper && has(head, LAST) && !tail.upper && has(tail, COMMON_FIRST)) return 0.65
  if (head.initial) score = 0.3
  else if (has(head, ORDINARY | PLACE) && !has(tail, LAST))
    score = has(head, COMMON_FIRST) ? 0.25 : 0.15
  else if (has(head, COMMON_FIRST)) score = has(head, ORDINARY | PLACE) ? 0.45 : 0.6
  else if (has(head, FIRST)) score = has(head, ORDINARY | PLACE) ? 0.3 : 0.5
  else if (has(head, LAST)) score = has(head, ORDINARY | PLACE) ? 0.1 : 0.3
  if (words.some((word, i) => i > 0 && word.initial)) score += middle(text, words, head)
  if (has(tail, COMMON_LAST)) score += has(tail, ORDINARY) ? 0.1 : 0.2
  else if (has(tail, LAST)) score += has(tail, ORDINARY) ? 0.05 : 0.15
  else if (has(tail, FIRST)) score += 0.1
  else if (has(tail, PLACE | ORDINARY)) score -= 0.15
  else score += 0.12
  if (sited) score -= 0.15
  if (words.length > 3) score -= 0.1
  if (words.every(({ upper, initial }) => upper || initial)) score -= 0.1
  return score
}

/** "James D. Watson" is a person; "Vitamin C Deficiency" is not, but "Silvia J Moreno" is. */
function middle(text: string, words: readonly Word[], head: Word): number {
  const dotted = words.some((word, i) => i > 0 && word.initial && text[word.end - 1] === '.')
  return dotted ? 0.3 : has(head, FIRST) ? 0.1 : -0.3
}

/** Prepositions of place, French, English, German. */
const WHERE = new Set(
  'in at near into à a en vers the la le les des nach der die das den dem ein eine im am ins vor'.split(
    ' ',
  ),
)
const ARTICLES = new Set('the a an la le das dem der die'.split(' '))
/** Those that stand before persons as well. */
const WHERE_OR_WHOSE = new Set('from to of de du for pour von'.split(' '))

const COMPANIONS = new Set('and et with avec & und mit'.split(' '))

/** What the word before tells. */
function before(text: string, start: number, count: number, sure: boolean): number {
  let at = start - 1
  if (count === 1 && ('\'">='.includes(text[at] ?? ' ') || isDigitAt(text, at - 1))) return -0.25
  if (text[at] === '"' || text[at] === '“' || text[at] === '«') at--
  if (text[at] !== ' ') return isSentenceStart(text, start) && count === 1 ? -0.06 : 0
  let from = at
  while (from > 0 && at - from < 24 && isOfWord(text, from - 1)) from--
  if (count > 1 && from === at && isNumbered(text, start)) return -0.35
  if (from === at) return isSentenceStart(text, start) && count === 1 ? -0.06 : 0
  const kinds = kindsOf(text, from, text[at - 1] === '.' ? at - 1 : at)
  if ((kinds & TITLE) !== 0) return 0.45
  if ((kinds & SITE) !== 0 && count > 1) return -0.6
  if ((kinds & (SITE | ORGANISATION)) !== 0) return -0.3
  if ((kinds & BEFORE) !== 0) return 0.15
  if (count === 1 && COMPANIONS.has(text.slice(from, at))) return 0.05
  const word = text.slice(from, at).toLowerCase()
  if (count > 1) return isNumbered(text, start) ? -0.35 : ARTICLES.has(word) ? -0.2 : 0
  if (WHERE.has(word)) return -0.2
  return WHERE_OR_WHOSE.has(word) && !sure ? -0.2 : 0
}

const isOfWord = (text: string, at: number): boolean =>
  (kindAt(text, at) & LETTER) !== 0 || text[at] === '-' || text[at] === '.'

/** "95 Joaquin Suarez": the number of a house. */
const isNumbered = (text: string, start: number): boolean =>
  text[start - 1] === ' ' && isDigitAt(text, start - 2)

/** Nothing but space, quotes or a dash between the last sentence and the word. */
function isSentenceStart(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0; at--) {
    const char = text[at] ?? ''
    if (char === '\n' || '.!?:…•'.includes(char)) return true
    if (!' "“«»\'(-–—*#>'.includes(char)) return false
    if (start - at > 8) return false
  }
  return true
}

const AUXILIARIES = new Set(
  'is was has had will would could did does can a est était avait fut eut sera aura ist war hat hatte'.split(
    ' ',
  ),
)

const BORN = /^ (?:born|married|killed|né|née|mort|morte|marié|mariée|décédé|geboren|verheiratet)\b/
const ACTS = 0.2

/** What follows tells: "'s", a verb of people, a bracket with years. */
function after(text: string, end: number, count: number): number {
  const char = text[end] ?? ''
  if (char === "'" || char === '’') return text[end + 1] === 's' ? 0.08 : 0
  if (COMPANY_AFTER.test(text.slice(end, end + 12))) return -0.8
  if (char !== ' ') return 0
  if (text.startsWith("'s ", end + 1)) return 0.08
  let to = end + 1
  while (to < text.length && to - end < 24 && (kindAt(text, to) & LOWER) !== 0) to++
  if (to === end + 1) {
    if (text[to] === '(' && /\d/.test(text[to + 1] ?? '')) return 0.1
    return (kindAt(text, to) & UPPER) !== 0 && count === 1 ? -0.05 : 0
  }
  if ((kindsOf(text, end + 1, to) & VERB) !== 0) return ACTS
  if (!AUXILIARIES.has(text.slice(end + 1, to))) return 0
  return BORN.test(text.slice(to, to + 12)) ? ACTS : 0.08
}

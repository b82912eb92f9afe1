import type { Scan } from '../scan/scan.ts'
import { isWordAt, kindAt, LETTER, LOWER, UPPER } from '../scan/symbols.ts'
import { BREAK, COMMON_FIRST, FIRST, kindsOf, LAST, ORDINARY, PLACE, SITE } from './gazetteer.ts'

/** One capitalised word, or an initial with its full stop. */
export interface Word {
  readonly start: number
  readonly end: number
  /** Bits of gazetteer.ts. */
  readonly kinds: number
  readonly initial: boolean
  /** All letters are capitals. */
  readonly upper: boolean
}

/** Capitalised words set apart by single spaces, or by particles: "Jean de La Fontaine". */
export interface CapitalRun {
  readonly words: readonly Word[]
  /** Index in the capitals of the text of the first one after the run. */
  readonly next: number
}

const MOST_WORDS = 6
const LONGEST_WORD = 40
const PARTICLE =
  /(?:de la|de l['’]|de|du|des|d['’]|van der|van den|van de|van|von der|von|zu|der|den|ten|ter|le|la|el|al|bin|ben|ibn|da|dos|das|do|di|del|della)(?: |(?<=['’]))(?=\p{Lu})/uy
/** By UTF-16 unit: what stands before a capital in paths and code, after a word in the same, and what begins a particle. */
const CODE_BEFORE = 1
const MARK_BEFORE = 2
const CODE_AFTER = 4
const PARTICLE_LETTER = 8
const SIGNS = new Uint8Array(128)
const mark = (chars: string, bit: number): void => {
  for (const char of chars) SIGNS[char.charCodeAt(0)] = (SIGNS[char.charCodeAt(0)] ?? 0) | bit
}
mark('@/.#`$_\\', CODE_BEFORE)
mark('{[:-', MARK_BEFORE)
mark('@/`_\\({', CODE_AFTER)
mark('dvzltebi', PARTICLE_LETTER)

const hasSign = (text: string, at: number, bit: number): boolean =>
  at < text.length && ((SIGNS[text.charCodeAt(at)] ?? 0) & bit) !== 0

const SPACE_UNIT = 32
const HYPHEN = 45
const FULL_STOP = 46
const APOSTROPHE = 39
const CURLY_APOSTROPHE = 0x2019

/** Reads the run that begins at capital `index`; undefined where that is no word of prose. */
export function readRun(scan: Scan, index: number, from: number): CapitalRun | undefined {
  const { text } = scan
  const { capitals } = scan.runs
  const first = capitals[index] ?? 0
  if (first < from || !mayBegin(text, first)) return undefined
  const words: Word[] = []
  let at = first
  while (words.length < MOST_WORDS) {
    const word = readWord(text, at, words.length > 0)
    if (word === undefined) break
    words.push(word)
    scan.steps.spend(4)
    const next = nextWord(text, word.end, words)
    if (next < 0) break
    at = next
  }
  const end = words.at(-1)?.end
  if (end === undefined) return undefined
  let next = index + 1
  while (next < capitals.length && (capitals[next] ?? 0) < end) next++
  return { words, next }
}

/** After a space, a quote, a bracket or an elision; never inside a path, an address or an identifier. */
function mayBegin(text: string, start: number): boolean {
  if (start === 0) return true
  if (hasSign(text, start - 1, MARK_BEFORE)) return isLineStart(text, start - 1)
  return !hasSign(text, start - 1, CODE_BEFORE)
}

const isLineStart = (text: string, at: number): boolean => at === 0 || text[at - 1] === '\n'

/** The start of the next word of the run, or -1 where the run ends. */
function nextWord(text: string, end: number, words: readonly Word[]): number {
  let at = end
  if (text.charCodeAt(at) !== SPACE_UNIT)
    return words.at(-1)?.initial === true && isUpper(text, at) ? at : -1
  at++
  if (text.charCodeAt(at) === SPACE_UNIT) at++
  if (isUpper(text, at)) return at
  if (!hasSign(text, at, PARTICLE_LETTER)) return -1
  if (!words.some(({ kinds, initial }) => initial || (kinds & (FIRST | ORDINARY)) === FIRST))
    return -1
  PARTICLE.lastIndex = at
  return PARTICLE.test(text) ? PARTICLE.lastIndex : -1
}

const isUpper = (text: string, at: number): boolean => (kindAt(text, at) & UPPER) !== 0

/** A capitalised word with hyphens and apostrophes inside; undefined for an identifier such as `setState` or `R2D2`. */
function readWord(text: string, start: number, inside: boolean): Word | undefined {
  let at = start + 1
  let lower = 0
  let upper = 1
  let humps = 0
  let hyphen = -1
  for (; at < text.length && at - start < LONGEST_WORD; at++) {
    const kind = kindAt(text, at)
    if ((kind & LOWER) !== 0) lower++
    else if ((kind & UPPER) !== 0) {
      if ((kindAt(text, at - 1) & LOWER) !== 0) humps++
      upper++
    } else if (isJoint(text, at, start)) {
      if (hyphen < 0 && text.charCodeAt(at) === HYPHEN) hyphen = at
    } else break
  }
  if (isWordAt(text, at) || hasSign(text, at, CODE_AFTER) || isMember(text, at)) return undefined
  const hump = humps > 0 && !JOINED_PARTICLE.test(text.slice(start, start + 5))
  if (hump) return { start, end: at, kinds: BREAK, initial: false, upper: false }
  const initial =
    lower === 0 && upper === 1 && at - start === 1 && text.charCodeAt(at) === FULL_STOP
  if (initial) return { start, end: at + 1, kinds: 0, initial, upper: false }
  // "Silvia J Moreno"
  if (inside && at - start === 1 && text.charCodeAt(at) === SPACE_UNIT && isUpper(text, at + 1))
    return { start, end: at, kinds: 0, initial: true, upper: false }
  let kinds = at - start < 2 ? BREAK : kindsOf(text, start, at)
  if (kinds === 0 && hyphen > 0) kinds = kindsOfCompound(text, start, hyphen, at)
  return { start, end: at, kinds, initial: false, upper: lower === 0 && upper > 1 }
}

/** "McDonald" is a name, "JavaScript" is not. */
const JOINED_PARTICLE = /^(?:Mc|Mac|De|Di|Du|Da|La|Le|Van|Fitz)\p{Lu}/u

/** `Joi.string()`: something of a module, no end of a sentence. */
const isMember = (text: string, end: number): boolean =>
  text.charCodeAt(end) === FULL_STOP && (kindAt(text, end + 1) & LOWER) !== 0

/** "Jean-Paul" is a first name as its parts are, "Saint-Malo" a place, "Cross-Site" nothing. */
function kindsOfCompound(text: string, start: number, hyphen: number, end: number): number {
  if (!isUpper(text, hyphen + 1)) return BREAK
  const first = kindsOf(text, start, hyphen)
  if (hyphen - start <= 6 && /^(?:Saint|Sainte|St|Ste)$/i.test(text.slice(start, hyphen)))
    return PLACE | SITE
  const second = kindsOf(text, hyphen + 1, end)
  if ((first & FIRST) !== 0 && (second & FIRST) !== 0) return first & (FIRST | COMMON_FIRST)
  if ((first & BREAK) !== 0) return BREAK
  return (first & second & LAST) | (((first | second) & ORDINARY) !== 0 ? ORDINARY : 0)
}

/** A hyphen or apostrophe between two letters: "Jean-Paul", "O'Connor", not "Jean's" nor "L'Europe". */
function isJoint(text: string, at: number, start: number): boolean {
  const unit = text.charCodeAt(at)
  if (unit === HYPHEN) return (kindAt(text, at + 1) & LETTER) !== 0
  if (unit !== APOSTROPHE && unit !== CURLY_APOSTROPHE) return false
  const next = kindAt(text, at + 1)
  return (next & UPPER) !== 0 && 'OD'.includes(text[start] ?? '') && at === start + 1
}

import { SYMBOL } from '../scan/symbols.ts'
import names from './names.json' with { type: 'json' }
import { NAME_WORDS } from './name-words.ts'

/** What a word is known as; several at once are common ("Martin": first name, family name, ordinary word). */
export const FIRST = 1
/** Listed for several countries, or frequent in one. */
export const COMMON_FIRST = 2
export const LAST = 4
export const COMMON_LAST = 8
export const PLACE = 16
/** An ordinary word of French or English: a name only by what stands beside it. */
export const ORDINARY = 32
/** Ends a run of names: articles, months, weekdays, languages, technical terms. */
export const BREAK = 64
/** Civilities, ranks and offices that stand before a name. */
export const TITLE = 128
/** Makes the run an organisation or a thing: "University", "Prize", "SAS". */
export const ORGANISATION = 256
/** Makes the run a street, a river, a building: "Street", "Lake", "rue". */
export const SITE = 512
/** What people do: verbs that follow a person. */
export const VERB = 1024
/** Words before a name that show a person: "by", "avec", "née". */
export const BEFORE = 2048

/** In a dictionary too, but a common first name before all; counts in lower case only. */
export const DICTIONARY = 4096

/** A country, a great town: a place before it is a name. */
export const KNOWN_PLACE = 8192

/** A kind of business that stands before its name: "boulangerie", "clinique". */
export const TRADE = 16384

const LETTERS: Readonly<Record<string, number>> = {
  F: FIRST | COMMON_FIRST,
  f: FIRST,
  L: LAST | COMMON_LAST,
  l: LAST,
  P: PLACE | KNOWN_PLACE,
  p: PLACE,
  w: ORDINARY | DICTIONARY,
  d: DICTIONARY,
}

const SPACE_SYMBOL = 38
const HYPHEN_SYMBOL = 39
const SLOTS = 1 << 18
/** Open addressing; a word is its slot and 32 other bits of hash, so that one unlisted word in 10^9 is taken for a listed one. */
const keys = new Uint32Array(SLOTS)
const kinds = new Uint16Array(SLOTS)
/** By the two first letters: the first row and the row after the last, until they are in the table. */
const pending = new Map<number, readonly [number, number]>()
const isPending = new Uint8Array(4096)

/** The other 32 bits of the last hash. */
let check = 0

function hashOf(text: string, start: number, end: number): number {
  let one = 0x811c9dc5
  let other = 0x9e3779b9
  for (let i = start; i < end; i++) {
    let symbol = SYMBOL[text.charCodeAt(i)] ?? 0
    if (symbol === SPACE_SYMBOL) symbol = HYPHEN_SYMBOL
    one = Math.imul(one ^ symbol, 0x01000193)
    other = Math.imul(other ^ symbol, 0x85ebca6b) ^ (other >>> 15)
  }
  check = other >>> 0 || 1
  return (one ^ (one >>> 15)) & (SLOTS - 1)
}

function add(text: string, start: number, end: number, kind: number): void {
  let slot = hashOf(text, start, end)
  while (keys[slot] !== 0 && keys[slot] !== check) slot = (slot + 1) & (SLOTS - 1)
  keys[slot] = check
  kinds[slot] = (kinds[slot] ?? 0) | kind
}

/** Adds the words of a list that are set apart by single spaces. */
function addAll(list: string, kind: number): void {
  let start = 0
  for (let i = 0; i <= list.length; i++) {
    if (i < list.length && list.charCodeAt(i) !== 32) continue
    add(list, start, i, kind)
    start = i + 1
  }
}

const prefixOf = (text: string, start: number): number =>
  ((SYMBOL[text.charCodeAt(start)] ?? 0) << 6) | (SYMBOL[text.charCodeAt(start + 1)] ?? 0)

names.forEach(([prefix = ''], row) => {
  const known = pending.get(prefixOf(prefix, 0))
  pending.set(prefixOf(prefix, 0), [known?.[0] ?? row, row + 1])
  isPending[prefixOf(prefix, 0)] = 1
})
const own = { BREAK, TITLE, ORGANISATION, SITE, TRADE: TRADE | ORGANISATION, VERB, BEFORE }
for (const [kind, list] of NAME_WORDS) addAll(list, own[kind])

/** Takes the rows of one prefix into the table; reading all of them at the start would cost ten times the rest. */
function takeIn(prefix: number): void {
  const [from, to] = pending.get(prefix) ?? [0, 0]
  pending.delete(prefix)
  isPending[prefix] = 0
  for (let row = from; row < to; row++) {
    const [, letters = '', list = ''] = names[row] ?? []
    let kind = 0
    for (const letter of letters) kind |= LETTERS[letter] ?? 0
    addAll(list, kind)
  }
}

/** What the word [start, end) is known as, 0 when it is unknown; case, accents, and spaces for hyphens are one. */
export function kindsOf(text: string, start: number, end: number): number {
  const prefix = prefixOf(text, start)
  if (isPending[prefix] === 1) takeIn(prefix)
  let slot = hashOf(text, start, end)
  while (keys[slot] !== 0) {
    if (keys[slot] === check) return kinds[slot] ?? 0
    slot = (slot + 1) & (SLOTS - 1)
  }
  return 0
}

/** A number for a folded word, the same for the same word; for comparing words of one text. */
export function wordId(text: string, start: number, end: number): number {
  const slot = hashOf(text, start, end)
  return slot * 0x100000000 + check
}

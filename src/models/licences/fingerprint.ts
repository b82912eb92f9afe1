import { createHash } from 'node:crypto'

/** Words of one shingle. */
const SHINGLE = 4
/** Smallest shingle hashes kept of a text: the error of a similarity estimated with them is about 7 %. */
const KEPT = 192
/** Longer texts are no licences, UTF-16 units. */
export const LONGEST_TEXT = 2_000_000

/** A text without what differs between two copies of one licence: form of characters, case, punctuation, spaces. */
export const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** SHA-256 of a normalised text, hexadecimal. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(normalised(text)).digest('hex')

/** A line that begins as one that names who holds the rights. */
const HOLDER = /^\W*(?:copyright\b|\(c\)|©|all rights reserved\W*$)/i
/** Words of terms: a line with one of them names more than a holder. */
const TERMS =
  /licen[cs]|permi|\buse|commerc|except|\bonly\b|provided|condition|prohibit|grant|restrict|\bsell|distribut|\bnot?\b|must|may\b/i
/** A title that copies of short licences have or not. */
const TITLE =
  /^\W*(?:the )?(?:(?:mit|isc|bsd[\w -]*|apache) )?licen[cs]e\W*(?:\((?:mit|isc|expat)\))?\W*$/i
/** Longer lines are no titles, characters: what may stand around one is looked for more than once. */
const LONGEST_TITLE = 200
const END_OF_TERMS = /end of terms and conditions/i

/** What differs between two copies of a licence of the BSD family: its holders, named within it, and how it is numbered. */
const NAMED =
  /\b(neither the names? of|is provided by|in no event shall) (.{1,160}?) (nor the names? of|as is|be liable)\b/g
const NUMBER = /\b(?:[1-4]|[a-d]|i{1,3}|iv) (?=redistributions\b|neither the name|all advertising)/g

/** SHA-256 of a normalised text without the names of its holders and the numbers of its clauses. */
export const looseFingerprint = (text: string): string => {
  const unnamed = normalised(text).replaceAll(NAMED, (all, before, name, after) =>
    TERMS.test(name.replaceAll('copyright', '')) ? all : `${before} ${after}`,
  )
  return createHash('sha256').update(unnamed.replaceAll(NUMBER, '')).digest('hex')
}

/** What a text may be known by. */
export interface Fingerprints {
  /** As it is, and without holders and title at its head. */
  readonly whole: readonly string[]
  /** Without any names of holders: `looseFingerprint`. */
  readonly loose: string
  /**
   * Where the text says that its terms end: what stands before, and what stands behind it without the lines that name
   * holders, null when that is nothing. Only a known appendix changes nothing: anybody can add terms there.
   */
  readonly ended: { readonly terms: string; readonly appendix: string | null } | null
}

/** The fingerprints of a text. */
export function fingerprintsOf(text: string): Fingerprints {
  const lines = text.split(/\r?\n/)
  let first = 0
  while (first < lines.length && isHead(lines[first] ?? '')) first++
  const body = lines.slice(first).join('\n')
  const whole = [...new Set([text, body].map(fingerprint))]
  const end = END_OF_TERMS.exec(body)
  const loose = looseFingerprint(body)
  if (end === null) return { whole, loose, ended: null }
  const behind = body.slice(end.index + end[0].length).split('\n')
  const appendix = behind.filter((line) => !isHolder(line)).join('\n')
  return {
    whole,
    loose,
    ended: {
      terms: fingerprint(body.slice(0, end.index)),
      appendix: normalised(appendix) === '' ? null : fingerprint(appendix),
    },
  }
}

const isHolder = (line: string): boolean => HOLDER.test(line) && !TERMS.test(line)
const isTitle = (line: string): boolean => line.length <= LONGEST_TITLE && TITLE.test(line)
/** Lines of nothing but signs are those of comments, fences and headings. */
const isHead = (line: string): boolean =>
  !/[\p{L}\p{N}]/u.test(line) || isHolder(line) || isTitle(line)

/** The smallest hashes of the shingles of a text, 12 hexadecimal digits each, sorted. */
export function sketch(text: string): readonly string[] {
  const words = normalised(text).split(' ')
  const hashes = new Set<string>()
  for (let at = 0; at + SHINGLE <= words.length; at++) {
    const shingle = words.slice(at, at + SHINGLE).join(' ')
    hashes.add(createHash('sha256').update(shingle).digest('hex').slice(0, 12))
  }
  return [...hashes].toSorted().slice(0, KEPT)
}

/** Share of shingles that two texts have in common (Jaccard), estimated from their sketches. */
export function similarity(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0
  const smallest = [...new Set([...left, ...right])].toSorted().slice(0, KEPT)
  const [a, b] = [new Set(left), new Set(right)]
  return smallest.filter((hash) => a.has(hash) && b.has(hash)).length / smallest.length
}

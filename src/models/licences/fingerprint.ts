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

/** A line that names who holds the rights, and nothing else. */
const HOLDER = /^\W*(?:copyright\b.*|\(c\).*|©.*|all rights reserved\W*)$/i
/** A title that copies of short licences have or not. */
const TITLE = /^\W*(?:the )?(?:mit|isc|bsd[\w -]*|apache) licen[cs]e\W*(?:\(mit\))?\W*$/i
const END_OF_TERMS = /end of terms and conditions/i

/**
 * The fingerprints under which a text may be known: as it is; without holders and title at its head; and without the
 * appendix that says how to apply it.
 */
export function fingerprintsOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/)
  let first = 0
  while (first < lines.length && isHead(lines[first] ?? '')) first++
  const body = lines.slice(first).join('\n')
  const end = END_OF_TERMS.exec(body)
  const variants = [text, body, ...(end ? [body.slice(0, end.index)] : [])]
  return [...new Set(variants.map(fingerprint))]
}

const isHead = (line: string): boolean =>
  line.trim() === '' || HOLDER.test(line.trim()) || TITLE.test(line.trim())

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

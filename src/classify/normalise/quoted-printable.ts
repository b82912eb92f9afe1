import { isUtf8 } from 'node:buffer'
import { type TextView, ViewWriter } from './view-writer.ts'

const EQUALS = 61
/** A line has at most 76 characters (RFC 2045, 6.7); a longer one was not broken by this encoding. */
const LONGEST_LINE = 76
/** A break in plain text comes near the end of the line. */
const SHORTEST_BROKEN = 60
/** An octet; a line may break before it, inside a character. */
const OCTET = /(?:=[ \t]{0,4}\r?\n)?=([\dA-F]{2})/y
/** Octets read together; a character has four at most. */
const MOST_OCTETS = 64
const SOFT_BREAK = /=[ \t]{0,4}\r?\n/y
/** Octets that code does not write so: `=` itself, accents in UTF-8 and Latin-1. */
const TELLING =
  /(?<!=)=(?:3D|C[23]=[89AB][\dA-F]|E2=80=[89AB][\dA-F]|E[89A-F](?![\dA-F])|F[4-9BC](?![\dA-F]))/g
/** Telling octets looked at before a decision. */
const ENOUGH = 3

/** The text behind quoted-printable (RFC 2045), or undefined where nothing says that it is. */
export function quotedPrintableView(text: string): TextView | undefined {
  if (!text.includes('=')) return undefined
  const broken = hasSoftBreak(text)
  const named = /quoted-printable/i.test(text)
  if (!broken && !named && !text.includes('=C3=')) return undefined
  const octets = countTelling(text)
  return named || octets >= ENOUGH || (broken && (octets > 0 || isBrokenProse(text)))
    ? decoded(text)
    : undefined
}

const hasSoftBreak = (text: string): boolean => text.includes('=\n') || text.includes('=\r\n')

function countTelling(text: string): number {
  let count = 0
  for (const _ of text.matchAll(TELLING)) if (++count >= ENOUGH) break
  return count
}

/** Whether the first broken line is of a width that only a mailer gives, and holds words: base64 ends in `=` too. */
function isBrokenProse(text: string): boolean {
  const end = /=\r?\n/.exec(text)?.index ?? 0
  const reach = text.slice(Math.max(0, end - LONGEST_LINE), end)
  const line = reach.slice(reach.lastIndexOf('\n') + 1)
  const isWide = line.length >= SHORTEST_BROKEN && line.length < LONGEST_LINE
  return isWide && /\S \S.* \S/.test(line)
}

function decoded(text: string): TextView {
  const writer = new ViewWriter(text.length)
  let at = 0
  while (at < text.length) {
    const next = text.indexOf('=', at)
    const stop = next < 0 ? text.length : next
    writer.copy(text, at, stop)
    at = stop < text.length ? escaped(text, stop, writer) : stop
  }
  return writer.finish(text.length)
}

/** Writes what stands at the `=` at `at`; returns where to go on. */
function escaped(text: string, at: number, writer: ViewWriter): number {
  const bytes: number[] = []
  const ends: number[] = [at]
  OCTET.lastIndex = at
  for (let octet = OCTET.exec(text); octet !== null; octet = OCTET.exec(text)) {
    bytes.push(Number.parseInt(octet[1] ?? '', 16))
    ends.push(OCTET.lastIndex)
    if (bytes.length === MOST_OCTETS) break
  }
  const last = writeCharacters(Buffer.from(bytes), ends, writer)
  if (bytes.length > 0) return last
  SOFT_BREAK.lastIndex = at
  if (SOFT_BREAK.test(text)) return SOFT_BREAK.lastIndex
  writer.put(EQUALS, at, at + 1)
  return at + 1
}

/** Writes octets as characters; `ends` tells where each octet ends, the first place before them. Returns the last. */
function writeCharacters(bytes: Buffer, ends: readonly number[], writer: ViewWriter): number {
  for (let i = 0; i < bytes.length;) {
    // the next octets are read with the rest of their character
    if (bytes.length === MOST_OCTETS && i > MOST_OCTETS - 4) return ends[i] ?? 0
    const length = characterLength(bytes, i)
    const character = bytes.subarray(i, i + length)
    const value = character.toString(length > 1 || isUtf8(character) ? 'utf8' : 'latin1')
    writer.putText(value, ends[i] ?? 0, ends[i + length] ?? 0)
    i += length
  }
  return ends.at(-1) ?? 0
}

/** Octets of the UTF-8 character at `at`; 1 where there is none: mail in Latin-1 is still about. */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  return length > 1 && isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length
    ? length
    : 1
}

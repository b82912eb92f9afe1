import type { FindingPiece } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { fieldName } from './part.ts'
import type { Recall } from './recall.ts'
import { scanText, type Scanner, type Spotted } from './scan-text.ts'
import type { Steps } from './scan/steps.ts'

/** Units looked at on each side of a seam; an IBAN in groups has 42. */
const WINDOW = 96
/** Short parts reached across on each side: an identifier may come in many pieces. */
const MOST_PIECES = 8

/** A piece of a part inside a joined text. */
interface Piece {
  /** Its distance from the seam in the order of the texts: 0 stands just after it. */
  readonly part: number
  /** Offset in the part where the piece begins. */
  readonly from: number
  readonly text: string
  /** Offset in the joined text. */
  readonly at: number
}

export interface Joined extends Spotted {
  readonly part: number
  /** The pieces of it that other parts hold. */
  readonly rest?: readonly FindingPiece[]
}

/** Scans across the seams of neighbouring texts, joined with nothing and with a space; a finding is placed on the part that holds most of it. */
export function scanJoins(
  parts: readonly TextPart[],
  scanner: Scanner,
  steps: Steps,
  recall: Recall,
): { readonly spotted: readonly Joined[]; readonly failed: readonly string[] } {
  const spotted: Joined[] = []
  const failed: string[] = []
  const order: number[] = []
  parts.forEach((part, i) => {
    if ((part.kind === 'text' || part.kind === 'number') && part.text !== '') order.push(i)
  })
  for (let seam = 1; seam < order.length && !steps.exhausted; seam++) {
    const first = reachBefore(parts, order, seam)
    const near = order.slice(first, reachAfter(parts, order, seam))
    const scanned = recall.seam(near, seam - first, () =>
      scanSeam(parts, order, seam, scanner, steps),
    )
    for (const id of scanned.failed) failed.push(id)
    // places in the order are remembered as distances from the seam
    for (const one of scanned.spotted) {
      const partOf = (distance: number): number => order[seam + distance] ?? 0
      const rest = one.rest?.map((piece) => ({ ...piece, part: partOf(piece.part) }))
      spotted.push({ ...one, part: partOf(one.part), ...(rest ? { rest } : {}) })
    }
  }
  return { spotted, failed }
}

function scanSeam(
  parts: readonly TextPart[],
  order: readonly number[],
  seam: number,
  scanner: Scanner,
  steps: Steps,
): { readonly spotted: readonly Joined[]; readonly failed: readonly string[] } {
  const key = fieldName(parts[order[seam] ?? 0]?.path ?? '')
  const read = (glue: string) => {
    const pieces = around(parts, order, seam, glue)
    const scanned = scanText(pieces.map((piece) => piece.text).join(glue), key, scanner, steps)
    const edge = pieces.find((piece) => piece.part === 0)?.at ?? 0
    const crosses = (one: Spotted): boolean => one.start < edge - glue.length && one.end > edge
    return { ...scanned, pieces, crosses }
  }
  const glued = read('')
  const spaced = read(' ')
  const whole = spaced.spotted
    .filter((one) => !spaced.crosses(one))
    .map((one) => place(one, spaced.pieces))
  const spotted = [
    ...glued.spotted
      .filter((one) => glued.crosses(one) && !isGluedTo(one, glued.pieces, whole))
      .map((one) => place(one, glued.pieces)),
    ...spaced.spotted.filter(spaced.crosses).map((one) => place(one, spaced.pieces)),
  ]
  return { spotted, failed: [...glued.failed, ...spaced.failed] }
}

/** Whether a finding over the seam is one that a text holds by itself, with the end of its neighbour stuck to it: "le" and "contact@…". */
const isGluedTo = (one: Spotted, pieces: readonly Piece[], whole: readonly Joined[]): boolean =>
  whole.some(
    (known) =>
      known.type === one.type &&
      (known.type === 'EMAIL_ADDRESS' || known.confidence >= one.confidence) &&
      pieces.some(
        ({ part, from, at }) =>
          part === known.part &&
          at - from + known.start >= one.start &&
          at - from + known.end <= one.end,
      ),
  )

/** The first place in the order that the window before a seam reaches. */
function reachBefore(parts: readonly TextPart[], order: readonly number[], seam: number): number {
  let first = seam
  for (let room = WINDOW; first > 0 && room > 0 && seam - first < MOST_PIECES; first--) {
    room -= parts[order[first - 1] ?? 0]?.text.length ?? 0
  }
  return first
}

/** Just after the last place in the order that the window after a seam reaches. */
function reachAfter(parts: readonly TextPart[], order: readonly number[], seam: number): number {
  let end = seam
  for (let room = WINDOW; end < order.length && room > 0 && end - seam < MOST_PIECES; end++) {
    room -= parts[order[end] ?? 0]?.text.length ?? 0
  }
  return end
}

function around(
  parts: readonly TextPart[],
  order: readonly number[],
  seam: number,
  glue: string,
): readonly Piece[] {
  const before: { part: number; from: number; text: string }[] = []
  let room = WINDOW
  for (let i = seam - 1; i >= 0 && room > 0 && before.length < MOST_PIECES; i--) {
    const part = order[i] ?? 0
    const { text } = parts[part] ?? { text: '' }
    const from = Math.max(0, text.length - room)
    before.unshift({ part: i - seam, from, text: text.slice(from) })
    room -= text.length - from
  }
  const after: { part: number; from: number; text: string }[] = []
  room = WINDOW
  for (let i = seam; i < order.length && room > 0 && after.length < MOST_PIECES; i++) {
    const part = order[i] ?? 0
    const text = parts[part]?.text.slice(0, room) ?? ''
    after.push({ part: i - seam, from: 0, text })
    room -= text.length
  }
  let at = 0
  return [...before, ...after].map((piece) => {
    const placed = { ...piece, at }
    at += piece.text.length + glue.length
    return placed
  })
}

/** The same finding on the part that holds its largest piece, cut to that piece; the others beside it. */
function place(one: Spotted, pieces: readonly Piece[]): Joined {
  const held: FindingPiece[] = []
  for (const piece of pieces) {
    const start = Math.max(one.start, piece.at)
    const end = Math.min(one.end, piece.at + piece.text.length)
    if (end <= start) continue
    const from = start - piece.at + piece.from
    held.push({ part: piece.part, start: from, end: from + end - start })
  }
  const [first] = held
  if (!first) return { ...one, part: pieces[0]?.part ?? 0, start: 0, end: 0 }
  const best = held.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a), first)
  const rest = held.filter((piece) => piece !== best)
  return { ...one, ...best, ...(rest.length > 0 ? { rest } : {}) }
}

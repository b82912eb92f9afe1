/** A stretch of the draft, end exclusive; UTF-16 units. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A run of the draft, marked or not. */
export interface Run {
  readonly text: string
  readonly marked: boolean
}

/** Ranges of the whole text that lie in the draft, in the draft's own offsets; what came before it is cut off. */
export const inDraft = (ranges: readonly Range[], draftStart: number): readonly Range[] =>
  ranges
    .filter(({ end }) => end > draftStart)
    .map(({ start, end }) => ({ start: Math.max(0, start - draftStart), end: end - draftStart }))

/** Ranges found in an older text, moved to where the same words stand now; those the edit touched are dropped. */
export function carriedOver(
  ranges: readonly Range[],
  older: string,
  now: string,
): readonly Range[] {
  if (older === now) return ranges
  const shorter = Math.min(older.length, now.length)
  let head = 0
  while (head < shorter && older[head] === now[head]) head += 1
  let tail = 0
  while (tail < shorter - head && older.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const moved = now.length - older.length
  return ranges.flatMap(({ start, end }) => {
    if (end <= head) return [{ start, end }]
    if (start >= older.length - tail) return [{ start: start + moved, end: end + moved }]
    return []
  })
}

/** The text cut into runs; overlapping ranges merge, ranges outside the text are clipped. */
export function runs(text: string, ranges: readonly Range[]): readonly Run[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start)
  const cut: Run[] = []
  let at = 0
  const push = (end: number, marked: boolean): void => {
    if (end > at) cut.push({ text: text.slice(at, end), marked })
    at = Math.max(at, end)
  }
  for (const { start, end } of sorted) {
    push(Math.min(start, text.length), false)
    push(Math.min(end, text.length), true)
  }
  push(text.length, false)
  return cut
}

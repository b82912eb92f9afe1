/** Code points from first to last, both included. */
export type Range = readonly [number, number]

/** A set of code points: ranges in order that do not touch. */
export type CharSet = readonly Range[]

const LAST = 0x10ffff

export const ANY: CharSet = [[0, LAST]]
const DIGITS: CharSet = [[48, 57]]
const WORD: CharSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
/** White space of ECMAScript. */
const SPACE: CharSet = [
  [9, 13],
  [32, 32],
  [160, 160],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const LINE_ENDS: CharSet = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
]

/** Sorted and joined where they touch. */
export function union(ranges: readonly Range[]): CharSet {
  const joined: [number, number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const open = joined.at(-1)
    if (open !== undefined && first <= open[1] + 1) open[1] = Math.max(open[1], last)
    else joined.push([first, last])
  }
  return joined
}

export function complement(set: CharSet): CharSet {
  const rest: Range[] = []
  let from = 0
  for (const [first, last] of set) {
    if (first > from) rest.push([from, first - 1])
    from = last + 1
  }
  return from <= LAST ? [...rest, [from, LAST]] : rest
}

export const overlap = (a: CharSet, b: CharSet): boolean =>
  a.some(([first, last]) => b.some(([from, to]) => first <= to && from <= last))

export const has = (set: CharSet, code: number): boolean =>
  set.some(([first, last]) => code >= first && code <= last)

/** The sets of one-letter escapes and of the dot. */
export const NAMED_SETS: Readonly<Record<string, CharSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
  '.': complement(LINE_ENDS),
}

/** The same letters in both cases; beyond ASCII any letter may stand for any other, which is more than it does. */
export function bothCases(set: CharSet): CharSet {
  const more: Range[] = [...set]
  for (const [first, last] of set) {
    if (last >= 128) more.push([128, LAST])
    for (const [from, to, shift] of [
      [65, 90, 32],
      [97, 122, -32],
    ] as const) {
      if (first <= to && last >= from)
        more.push([Math.max(first, from) + shift, Math.min(last, to) + shift])
    }
    // the long s and the Kelvin sign fold to ASCII letters
    if (has([[first, last]], 115) || has([[first, last]], 83)) more.push([0x17f, 0x17f])
    if (has([[first, last]], 107) || has([[first, last]], 75)) more.push([0x212a, 0x212a])
  }
  if (has(set, 0x17f)) more.push([115, 115], [83, 83])
  if (has(set, 0x212a)) more.push([107, 107], [75, 75])
  return union(more)
}

/** Edits between two words: insert, delete, replace, and swap of neighbours (optimal string alignment distance). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const at = (list: readonly number[], k: number): number => list[k] ?? Infinity
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, at(beforeLast, j - 2) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** What people compare when they read: case, `-` and `_` do not count. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, '')

/** Known words that a mistyped one may have meant: alike, or with it inside, the most alike first. */
export function nearestFew(word: string, known: readonly string[], most: number): string[] {
  const typed = plain(word.slice(0, 40))
  const isPart = (candidate: string): boolean =>
    typed.length >= 3 && plain(candidate).includes(typed)
  return known
    .map((candidate) => ({
      candidate,
      distance: editDistance(typed, plain(candidate.slice(0, 40))),
    }))
    .filter(({ candidate, distance }) => distance <= limitOf(typed, candidate) || isPart(candidate))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

const limitOf = (typed: string, candidate: string): number =>
  Math.max(1, Math.floor(Math.max(typed.length, candidate.length) / 3))

/** The known word nearest to a mistyped one, if near enough to be what was meant; at most 40 characters are compared. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = plain(word.slice(0, 40))
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(typed, plain(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best === undefined) return undefined
  return best.distance <= limitOf(typed, best.candidate) ? best.candidate : undefined
}

/** Where the literals of one group stand in a text, in order of their ends. */
export class Hits {
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly words: string[] = []

  get length(): number {
    return this.starts.length
  }

  push(start: number, end: number, word: string): void {
    this.starts.push(start)
    this.ends.push(end)
    this.words.push(word)
  }

  /** Index of the first hit that ends after `offset`. */
  after(offset: number): number {
    let low = 0
    let high = this.ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.ends[middle] ?? 0) > offset) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Index of a hit that touches [from, to), or -1. */
  within(from: number, to: number): number {
    const index = this.after(from)
    return index < this.length && (this.starts[index] ?? 0) < to ? index : -1
  }
}

/** The hits from left to right, of those that overlap only the longest: "pentest report", not "pentest". */
export function longestHits(
  hits: Hits,
): readonly { readonly start: number; readonly end: number; readonly word: string }[] {
  if (hits.length === 0) return []
  const all = hits.starts
    .map((start, i) => ({ start, end: hits.ends[i] ?? start, word: hits.words[i] ?? '' }))
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
  let done = -1
  return all.filter(({ start, end }) => {
    if (start < done) return false
    done = end
    return true
  })
}

export const NO_HITS: Hits = new Hits()

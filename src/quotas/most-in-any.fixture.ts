/** What was let in, and when by the one true clock. */
export interface Admitted {
  readonly at: number
  units: number
}

/** The most that was let in in any stretch of this length. */
export function mostInAny(seen: readonly Admitted[], windowMs: number): number {
  const inOrder = seen.toSorted((a, b) => a.at - b.at)
  let [most, sum, from] = [0, 0, 0]
  for (const one of inOrder) {
    sum += one.units
    for (let first = inOrder[from]; first && first.at <= one.at - windowMs; first = inOrder[from]) {
      sum -= first.units
      from += 1
    }
    most = Math.max(most, sum)
  }
  return most
}

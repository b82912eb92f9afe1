/** Index of the first of these places, which are in order, that is no smaller than `at`. */
export function firstFrom(places: readonly number[], at: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) >= at) high = middle
    else low = middle + 1
  }
  return low
}

/** Numbers out of a digest, one after the other: the same digest gives the same. */
export interface Numbers {
  /** A whole number below `limit`, which is 65,536 at most. */
  below(limit: number): number
  /** So many digits. */
  digits(count: number): string
  /** One of a list. */
  pick(list: readonly string[]): string
}

export function numbersOf(digest: Uint8Array): Numbers {
  let at = 0
  const below = (limit: number): number => {
    const high = digest[at % digest.length] ?? 0
    const low = digest[(at + 1) % digest.length] ?? 0
    // bytes that come round again are mixed with how often they did
    const turn = Math.floor(at / digest.length) * 7919
    at += 2
    return (high * 256 + low + turn) % limit
  }
  return {
    below,
    digits: (count) => Array.from({ length: count }, () => String(below(10))).join(''),
    pick: (list) => list[below(list.length)] ?? '',
  }
}

/** The letters and digits of a value written in the layout of another one; null where their numbers differ. */
export function inLayout(text: string, layout: string): string | null {
  let at = 0
  const written = layout.replaceAll(/[\p{L}\p{N}]/gu, () => text[at++] ?? '')
  return at === text.length ? written : null
}

import type { FoldedWord } from './fold.ts'
import { hashText, wordMark } from './lanes.ts'
import { formHashes, halfHash, SHORTEST_NEAR, type NearColumns } from './near-words.ts'
import type { OwnTerms } from './own-terms.ts'

/** Adds the words of fuzzy terms: each with its forms of one letter less, as hashes. */
export function addNearWords(
  { data, near, digest, lanes }: Pick<OwnTerms, 'data' | 'near' | 'digest' | 'lanes'>,
  words: readonly FoldedWord[],
): NearColumns {
  const columns = data.near
  const added = { hashes: [], highs: [], lows: [] } as Growing<'hashes' | 'highs' | 'lows'>
  const forms = { firsts: [], seconds: [], owners: [] } as Growing<'firsts' | 'seconds' | 'owners'>
  const halves: number[] = []
  for (const { raw, stem } of words) {
    const { length } = raw
    if (length < SHORTEST_NEAR) continue
    const letters = Uint16Array.from(raw, (char) => char.charCodeAt(0))
    const [first, second] = formHashes(letters, length, 0, lanes)
    if (near !== null && hasForm(near, first, second)) continue
    const owner = columns.words + added.hashes.length
    const mark = wordMark(digest, stem)
    added.hashes.push(hashText(stem, lanes) >>> 0)
    added.highs.push(mark.high)
    added.lows.push(mark.low)
    const form = (hashes: readonly [number, number]): void => {
      forms.firsts.push(hashes[0])
      forms.seconds.push(hashes[1])
      forms.owners.push(owner)
    }
    form([first, second])
    for (let at = 0; at < length; at++) {
      const without = letters.filter((_, i) => i !== at)
      form(formHashes(without, length - 1, at + 1, lanes))
    }
    halves.push(
      halfHash(letters, 0, length >> 1, length, lanes),
      halfHash(letters, length >> 1, length, length, lanes),
    )
  }
  const grown = (column: Uint32Array, more: readonly number[]): Uint32Array => {
    const whole = new Uint32Array(column.length + more.length)
    whole.set(column)
    whole.set(more, column.length)
    return whole
  }
  if (added.hashes.length === 0) return columns
  return {
    words: columns.words + added.hashes.length,
    hashes: grown(columns.hashes, added.hashes),
    highs: grown(columns.highs, added.highs),
    lows: grown(columns.lows, added.lows),
    forms: columns.forms + forms.firsts.length,
    firsts: grown(columns.firsts, forms.firsts),
    seconds: grown(columns.seconds, forms.seconds),
    owners: grown(columns.owners, forms.owners),
    halves: grown(columns.halves, halves),
  }
}

type Growing<Name extends string> = Readonly<Record<Name, number[]>>

function hasForm(
  { columns, slots }: NonNullable<OwnTerms['near']>,
  first: number,
  second: number,
): boolean {
  const mask = slots.length - 1
  for (let slot = first & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const form = (slots[slot] ?? 1) - 1
    if (columns.firsts[form] === first && columns.seconds[form] === second) return true
  }
  return false
}

import type { LiteralGroup } from '../scan/lexicon.ts'

/** Words that speak for one kind of number, separated by `|`; groups of one name are one group. */
export const keywords = (name: string, list: string): LiteralGroup => ({
  name,
  standing: 'stem',
  words: list.split('|'),
})

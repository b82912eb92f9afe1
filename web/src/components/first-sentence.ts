/** The first sentence of a text, and what follows it; a full stop inside a word or a number ends nothing. */
export function firstSentence(text: string): readonly [first: string, rest: string] {
  const [, first, rest] = /^(.+?[.!?])\s+(.+)$/s.exec(text) ?? []
  return first === undefined || rest === undefined ? [text, ''] : [first, rest]
}

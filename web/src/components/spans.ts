/** A run of text inside backticks or outside of them. */
export interface Span {
  readonly code: boolean
  readonly text: string
}

/** Splits at pairs of backticks; a lone one is text. */
export const codeSpans = (text: string): readonly Span[] =>
  text
    .split(/(`[^`\n]+`)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.length > 2 && part.startsWith('`') && part.endsWith('`')
        ? { code: true, text: part.slice(1, -1) }
        : { code: false, text: part },
    )

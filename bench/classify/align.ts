import type { Span } from './row.ts'

/** Signs around the name of what was replaced; no text of a corpus has them. */
export const OPEN = '\u0001'
export const CLOSE = '\u0002'

/**
 * Where things stood in a text, told from what a tool made of it: each was replaced by its name between two signs.
 * Offsets are UTF-16 units.
 */
export function alignReplaced(text: string, replaced: string): readonly Span[] {
  const pieces = replaced.split(OPEN).flatMap((piece, at) => (at === 0 ? [piece] : cut(piece)))
  const spans: Span[] = []
  let at = pieces[0]?.length ?? 0
  for (let i = 1; i < pieces.length; i += 2) {
    const type = pieces[i] ?? ''
    const after = pieces[i + 1] ?? ''
    const isLast = i + 2 >= pieces.length
    const found = isLast ? text.length - after.length : text.indexOf(after, at + 1)
    const end = found > at ? found : at + 1
    spans.push({ start: at, end, type })
    at = end + after.length
  }
  return spans
}

/** The name and what follows it; a sign without its other half stands for nothing. */
function cut(piece: string): readonly string[] {
  const at = piece.indexOf(CLOSE)
  return at < 0 ? ['', piece] : [piece.slice(0, at), piece.slice(at + 1)]
}

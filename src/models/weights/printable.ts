const LONGEST = 160

/** A name from a hostile file, fit for a terminal and a log: no control or direction marks, cut short. */
export function printable(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return cut.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, '\u{FFFD}')
}

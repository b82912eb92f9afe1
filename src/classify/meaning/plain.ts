/** Latin letters end before this unit; others have no accents that people leave out. */
const LATIN = 0x250

const FOLDED = Uint16Array.from({ length: LATIN }, (_, unit) =>
  unit < 128 ? unit : String.fromCharCode(unit).normalize('NFD').charCodeAt(0),
)
const APOSTROPHE = 39
FOLDED[96] = APOSTROPHE
FOLDED[180] = APOSTROPHE
const CURLY = new Set([0x2019, 0x2bc])

/** Letters without accents, one kind of apostrophe: people write "redige" and "l’equipe". Same length as the text. */
export function plain(text: string): string {
  const units = new Uint16Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    units[i] = unit < LATIN ? (FOLDED[unit] ?? unit) : CURLY.has(unit) ? APOSTROPHE : unit
  }
  return String.fromCharCode(...units)
}

/** The pattern over plain text: written with its accents, matched without. */
export const plainly = (pattern: RegExp): RegExp => {
  const source = Array.from({ length: Math.ceil(pattern.source.length / 4_096) }, (_, i) =>
    plain(pattern.source.slice(i * 4_096, (i + 1) * 4_096)),
  )
  return new RegExp(source.join(''), pattern.flags)
}

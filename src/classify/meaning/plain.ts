/** Latin letters end before this unit; others have no accents that people leave out. */
const LATIN = 0x250
const APOSTROPHE = 39

const FOLDED = Uint16Array.from({ length: 65_536 }, (_, unit) =>
  unit < 128 || unit >= LATIN ? unit : String.fromCharCode(unit).normalize('NFD').charCodeAt(0),
)
for (const unit of [96, 180, 0x2019, 0x2bc]) FOLDED[unit] = APOSTROPHE

/** Letters without accents, one kind of apostrophe: people write "redige" and "l’equipe". Same length as the text. */
export function plain(text: string): string {
  const units = new Uint16Array(text.length)
  const bytes = Buffer.from(units.buffer)
  bytes.write(text, 'utf16le')
  let isByte = true
  for (let i = 0; i < units.length; i++) {
    const unit = FOLDED[units[i] ?? 0] ?? 0
    units[i] = unit
    if (unit > 255) isByte = false
  }
  // one byte for each unit makes a text that is searched twice as fast
  return isByte ? Buffer.from(units).toString('latin1') : bytes.toString('utf16le')
}

/** The pattern over plain text: written with its accents, matched without. */
export const plainly = (pattern: RegExp): RegExp => new RegExp(plain(pattern.source), pattern.flags)

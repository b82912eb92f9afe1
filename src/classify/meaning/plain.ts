/** Letters without accents, one kind of apostrophe: people write "redige" and "l’equipe". Same length for composed text. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[’ʼ`´]/g, "'")
    .replaceAll('œ', 'oe')

/** The pattern over plain text: written with its accents, matched without. */
export const plainly = (pattern: RegExp): RegExp => new RegExp(plain(pattern.source), pattern.flags)

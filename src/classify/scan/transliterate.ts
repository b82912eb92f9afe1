const GREEK = 'αβγδεζηθικλμνξοπρσςτυφχψω'
const GREEK_AS = 'abgdezhqiklmnxoprsstyfcwo'
const CYRILLIC = 'абвгґдђеєжзиійјкќлљмнњопрстћуўфхцчџшщъыьэюя'
const CYRILLIC_AS = 'abvggddeejziiijkkllmnnoprstcuufhcqxwwyyyeua'

/** One Latin letter for each letter of another alphabet: by sound where one letter says it, any other where none does. */
const LETTERS = new Map(
  Array.from(GREEK + CYRILLIC, (char, i) => [char, (GREEK_AS + CYRILLIC_AS)[i] ?? '']),
)

/**
 * The Latin letter that a Greek or Cyrillic letter is taken for in the literal pass, or '': "паспорт" and "ΑΦΜ" are words
 * there. Look-alikes inside Latin words were undone before (normalise/), by their shape and not by their sound.
 */
export const transliterated = (char: string): string =>
  LETTERS.get(char.normalize('NFD').toLowerCase().charAt(0)) ?? ''

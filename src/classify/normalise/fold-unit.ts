/** 1 for units that need a look; prose in English and French has none. */
const DIRTY = new Uint8Array(65_536)
const MARKS_FROM = 0x300
const MARKS_TO = 0x36f

/** Characters that show nothing: soft hyphen, zero-width, direction marks, variation selectors, tags. */
export const isRemoved = (code: number): boolean =>
  code === 0xad ||
  code === 0x34f ||
  code === 0x61c ||
  code === 0x180e ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  (code >= 0xfe00 && code <= 0xfe0f) ||
  code === 0xfeff ||
  (code >= 0xe0000 && code <= 0xe01ef)

/** A combining accent. */
export const isMark = (unit: number): boolean => unit >= MARKS_FROM && unit <= MARKS_TO

const CYRILLIC = 'АаВЕеКкМмНОоРрСсТтУуХхІіЈјЅѕЗзѴѵԁԛԜԝҮһӀӏ'
const CYRILLIC_TWINS = 'AaBEeKkMmHOoPpCcTtYyXxIiJjSs33VvdqWwYhIl'
const GREEK = 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορυχ'
const GREEK_TWINS = 'ABEZHIKMNOPTYXayikvopux'

/** Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, confusables), for words that mix scripts. */
const LOOKALIKES = new Map(
  Array.from(CYRILLIC + GREEK, (char, i) => [
    char.charCodeAt(0),
    (CYRILLIC_TWINS + GREEK_TWINS)[i] ?? char,
  ]),
)

export const isLookalike = (code: number): boolean => LOOKALIKES.has(code)

/** An ASCII letter or digit. */
export const isAlphanumeric = (unit: number): boolean =>
  (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)

/** What Windows puts where Latin-1 has control characters (code page 1252, 0x80 to 0x9F); a space stands for none. */
const WINDOWS = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

const SAFE = '–—‘’‚“”„†‡•…‰‹›€™−≤≥≠→←«»‐‑‒'

const DIGIT = /^\p{Nd}$/u

function digitValue(code: number): string {
  // digits of a script stand in tens from its zero
  let zero = code
  while (code - zero < 10 && DIGIT.test(String.fromCodePoint(zero - 1))) zero--
  return String((code - zero) % 10)
}

const CACHE = new Map<number, string>()

/** The compatibility form of one character; look-alikes are folded only beside Latin letters or digits. */
export function foldUnit(code: number, besideLatin: boolean): string {
  if (besideLatin) {
    const twin = LOOKALIKES.get(code)
    if (twin !== undefined) return twin
  }
  if (code >= 0x80 && code <= 0x9f) return WINDOWS[code - 0x80] ?? ' '
  const known = CACHE.get(code)
  if (known !== undefined) return known
  const char = String.fromCodePoint(code)
  const form = char.normalize('NFKC')
  const folded = DIGIT.test(char) && code > 127 && !/^\d$/.test(form) ? digitValue(code) : form
  if (CACHE.size < 20_000) CACHE.set(code, folded)
  return folded
}

/** The single unit of a letter with its accent, or undefined where there is none. */
export function compose(letter: number, mark: number): number | undefined {
  const joined = String.fromCharCode(letter, mark).normalize('NFC')
  return joined.length === 1 ? joined.charCodeAt(0) : undefined
}

for (let unit = 0; unit < 65_536; unit++) {
  const char = String.fromCharCode(unit)
  const shown = unit >= 32 ? unit !== 127 : unit >= 9 && unit <= 13
  const ascii = unit < 128 && shown && !'&%\\'.includes(char)
  const latin = unit >= 0xc0 && unit < 0x250
  const cleanLatin1 = unit >= 0xa0 && unit < 0xc0 && '  ¡¢£¥§©«°±¶·»¿'.includes(char)
  const clean =
    ascii || latin || cleanLatin1 || unit === 0xa0 || unit === 0x202f || SAFE.includes(char)
  const cjk = unit >= 0x3040 && unit < 0xd800 && char.normalize('NFKC') === char
  DIRTY[unit] = clean || cjk ? 0 : 1
}

export const isDirty = (unit: number): boolean => DIRTY[unit] === 1

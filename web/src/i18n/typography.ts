import type { Language } from './language.ts'

/** U+202F, the space that French sets before high punctuation. */
export const NARROW_SPACE = '\u202F'

/** French text as it should be set: a narrow no-break space before ; : ? ! and inside guillemets. */
export function typeset(text: string, language: Language): string {
  if (language !== 'fr') return text
  return text
    .replaceAll(/[ \u00A0]+([;:?!»])/g, `${NARROW_SPACE}$1`)
    .replaceAll(/«[ \u00A0]+/g, `«${NARROW_SPACE}`)
    .replaceAll(/(\d) %/g, `$1${NARROW_SPACE}%`)
    .replaceAll(/(\p{L})'(?=\p{L})/gu, '$1’')
}

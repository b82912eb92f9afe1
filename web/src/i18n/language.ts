/** Languages of the page; the first is the one the code is written in. */
export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED = 'ecluse.language'

/** Where a choice is remembered: the two calls of localStorage that are used. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>

const asLanguage = (tag: string): Language | null =>
  LANGUAGES.find((language) => language === tag.slice(0, 2).toLowerCase()) ?? null

/** The remembered language, else the first of the browser's that is spoken here, else English. */
export function startingLanguage(memory: Memory | null, browser: readonly string[]): Language {
  const remembered = asLanguage(memory?.getItem(STORED) ?? '')
  if (remembered !== null) return remembered
  for (const tag of browser) {
    const language = asLanguage(tag)
    if (language !== null) return language
  }
  return 'en'
}

/** Keeps the choice for the next visit. */
export const rememberLanguage = (memory: Memory | null, language: Language): void =>
  memory?.setItem(STORED, language)

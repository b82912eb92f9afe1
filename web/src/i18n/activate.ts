import { i18n } from '@lingui/core'
import type { Messages } from '@lingui/core'
import { LANGUAGES } from './language.ts'
import type { Language } from './language.ts'

/** One chunk per language: a page loads only the words it shows. */
const CATALOGUES: Readonly<Record<Language, () => Promise<{ messages: Messages }>>> = {
  en: () => import('../locales/en.po'),
  fr: () => import('../locales/fr.po'),
}

/** Loads and shows a language; the page's `lang` follows, for screen readers and hyphenation. */
export async function activate(language: Language): Promise<void> {
  const { messages } = await CATALOGUES[language]()
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}

/** The language shown now. */
export const currentLanguage = (): Language =>
  LANGUAGES.find((language) => language === i18n.locale) ?? 'en'

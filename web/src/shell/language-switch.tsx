import { useLingui } from '@lingui/react/macro'
import { activate } from '../i18n/activate.ts'
import { LANGUAGES, rememberLanguage } from '../i18n/language.ts'
import type { Language } from '../i18n/language.ts'
import { localMemory } from '../i18n/local-memory.ts'
import styles from './header.module.css'

/** Each language is named in itself, so that nobody has to read the other one. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' }

/** Switches the language of the page, and remembers it. */
export function LanguageSwitch() {
  const { t, i18n } = useLingui()
  const choose = (language: Language): void => {
    rememberLanguage(localMemory(), language)
    void activate(language)
  }
  return (
    <div role="group" aria-label={t`Language`} className={styles.languages}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={i18n.locale === language}
          title={NAMES[language]}
          onClick={() => choose(language)}
        >
          {language.toUpperCase()} <span className={styles.hidden}>{NAMES[language]}</span>
        </button>
      ))}
    </div>
  )
}

import { useLingui } from '@lingui/react/macro'
import * as ToggleGroup from '@radix-ui/react-toggle-group'
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
  const choose = (value: string): void => {
    const language = LANGUAGES.find((known) => known === value)
    if (language === undefined) return
    rememberLanguage(localMemory(), language)
    void activate(language)
  }
  return (
    <ToggleGroup.Root
      type="single"
      value={i18n.locale}
      onValueChange={choose}
      aria-label={t`Language`}
      className={styles.languages}
    >
      {LANGUAGES.map((language) => (
        <ToggleGroup.Item
          key={language}
          value={language}
          lang={language}
          aria-label={NAMES[language]}
          title={NAMES[language]}
        >
          {language.toUpperCase()}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

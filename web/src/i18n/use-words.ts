import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react'
import { useMemo } from 'react'
import type { DataClass, Zone } from '../api/words.ts'
import { currentLanguage } from './activate.ts'
import type { Language } from './language.ts'
import { typeset } from './typography.ts'
import { CLASS_WORDS, ZONE_WORDS } from './words.ts'

/** The vocabulary in the language shown, with its numbers and times. */
export interface Words {
  readonly language: Language
  readonly class: (dataClass: DataClass) => string
  readonly zone: (zone: Zone) => string
  /** A word of an open list; the given name itself where the list does not know it. */
  readonly open: (list: Readonly<Record<string, MessageDescriptor>>, name: string) => string
  /** Text that came from the gateway, set as the language wants it. */
  readonly typeset: (text: string) => string
  readonly number: (value: number) => string
  /** Hours, minutes, seconds, local time. */
  readonly time: (at: Date) => string
  /** Day and time, local. */
  readonly moment: (at: Date) => string
  readonly bytes: (count: number) => string
}

/** The vocabulary of the language shown; the component renders again when the language changes. */
export function useWords(): Words {
  const { i18n } = useLingui()
  const locale = i18n.locale
  return useMemo(() => {
    const language = currentLanguage()
    const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
    const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
    const number = new Intl.NumberFormat(locale)
    const megabytes = new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: 'megabyte',
      maximumFractionDigits: 0,
    })
    return {
      language,
      class: (dataClass) => i18n._(CLASS_WORDS[dataClass]),
      zone: (zone) => i18n._(ZONE_WORDS[zone]),
      open: (list, name) => {
        const word = Object.hasOwn(list, name) ? list[name] : undefined
        return word === undefined ? name : i18n._(word)
      },
      typeset: (text) => typeset(text, language),
      number: (value) => number.format(value),
      time: (at) => time.format(at),
      moment: (at) => moment.format(at),
      bytes: (count) => megabytes.format(count / 1e6),
    }
  }, [i18n, locale])
}

import type { Language } from './refusal-messages.ts'

/** The first language of an Accept-Language header that we speak; English otherwise. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  for (const range of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const tag = range.trim().slice(0, 2).toLowerCase()
    if (tag === 'fr' || tag === 'en') return tag
  }
  return 'en'
}

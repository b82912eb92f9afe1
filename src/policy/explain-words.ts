import type { Zone } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import type { Language } from '#kernel/refusal-messages.ts'

/** A text in every language. */
export type Told = Readonly<Record<Language, string>>

export const CLASS_NAMES: Readonly<Record<DataClass, Told>> = {
  public: { en: 'public', fr: 'publique' },
  internal: { en: 'internal', fr: 'interne' },
  confidential: { en: 'confidential', fr: 'confidentielle' },
  restricted: { en: 'restricted', fr: 'restreinte' },
}

export const ZONE_NAMES: Readonly<Record<Zone, Told>> = {
  device: { en: 'this machine', fr: 'cette machine' },
  'on-prem': { en: 'your own machines', fr: 'vos machines' },
  managed: { en: 'a managed platform', fr: 'une plateforme managée' },
  api: { en: 'a proprietary API', fr: 'une API propriétaire' },
}

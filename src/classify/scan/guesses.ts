import type { Draft } from './detector.ts'
import { HIGH } from './score.ts'

/** What digits alone can look like; the other types have a shape or a prefix of their own. */
const GUESSED = new Set([
  'PHONE_NUMBER',
  'CREDIT_CARD',
  'DE_TAX_NUMBER',
  'DE_ID_CARD',
  'ES_PASSPORT',
  'SE_ORGANISATIONSNUMMER',
  'FI_PERSONAL_IDENTITY_CODE',
  'VAT_NUMBER',
])

/** Words near a telephone that are near every other number too. */
const VAGUE = new Set(['numéro', 'number', 'contact', 'ligne'])

const isNamed = (draft: Draft): boolean =>
  draft.because.some(
    (reason) => reason.kind === 'key' || (reason.kind === 'keyword' && !VAGUE.has(reason.keyword)),
  )

const placeOf = ({ start, end }: Draft): string => `${start}-${end}`

/** Nothing else is ever taken out. */
const mayGo = ({ type, distance }: Draft): boolean => distance !== undefined || GUESSED.has(type)

/** Without the readings of a number that no word supports, where a word says what the same number is ("PESEL 18842931493" is no phone number), and of several words only with the nearest. */
export function withoutGuesses(drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2 || !drafts.some(mayGo)) return drafts
  const named = new Set<string>()
  const nearest = new Map<string, number>()
  for (const draft of drafts) {
    const place = placeOf(draft)
    if (draft.confidence >= HIGH && isNamed(draft)) named.add(place)
    if (draft.distance === undefined) continue
    nearest.set(place, Math.min(draft.distance, nearest.get(place) ?? draft.distance))
  }
  if (named.size === 0 && nearest.size === 0) return drafts
  return drafts.filter((draft) => {
    const place = placeOf(draft)
    if (GUESSED.has(draft.type) && !isNamed(draft)) return !named.has(place)
    return draft.distance === undefined || draft.distance === nearest.get(place)
  })
}

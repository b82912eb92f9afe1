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

/** Without the readings of a number that no word supports, where a word says what the same number is: "PESEL 18842931493" is no phone number. */
export function withoutGuesses(drafts: readonly Draft[]): readonly Draft[] {
  if (!drafts.some((draft) => GUESSED.has(draft.type) && !isNamed(draft))) return drafts
  const named = new Set<string>()
  for (const draft of drafts) {
    if (draft.confidence >= HIGH && isNamed(draft)) named.add(`${draft.start}-${draft.end}`)
  }
  return drafts.filter(
    (draft) =>
      !GUESSED.has(draft.type) || isNamed(draft) || !named.has(`${draft.start}-${draft.end}`),
  )
}

import {
  fingerprintsOf,
  similarity,
  sketch,
  LONGEST_TEXT,
  type Fingerprints,
} from './fingerprint.ts'
import { plainText } from './plain-text.ts'
import { shippedLicences, type Licence } from './licence.ts'

/** What a text is. `resembles` is no recognition: one changed figure can change a licence. */
export type Recognised =
  | { readonly kind: 'exact'; readonly licence: Licence }
  | { readonly kind: 'resembles'; readonly licence: Licence; readonly similarity: number }
  | { readonly kind: 'unknown' }

/** Below this share of common shingles two texts have only the language of lawyers in common. */
const RESEMBLES = 0.5

/** The licence that a text is, from the text itself. */
export function recognise(text: string): Recognised {
  // a beginning says nothing of the terms that may stand behind it
  if (text.length > LONGEST_TEXT) return { kind: 'unknown' }
  const body = plainText(text)
  const prints = fingerprintsOf(body)
  const licences = shippedLicences()
  const exact = licences.find((licence) => isTextOf(licence, prints))
  if (exact) return { kind: 'exact', licence: exact }
  const own = sketch(body)
  let best: { licence: Licence; similarity: number } | null = null
  for (const licence of licences) {
    for (const packed of licence.sketches) {
      const share = similarity(own, packed.match(/.{12}/g) ?? [])
      if (share > (best?.similarity ?? 0)) best = { licence, similarity: share }
    }
  }
  if (best === null || best.similarity < RESEMBLES) return { kind: 'unknown' }
  return { kind: 'resembles', ...best }
}

/** With nothing behind its terms but an appendix of its own that says how to apply it. */
function isTextOf(licence: Licence, { whole, loose, ended }: Fingerprints): boolean {
  if (whole.some((one) => licence.texts.includes(one))) return true
  if (licence.variants.includes(loose)) return true
  if (ended === null || !licence.texts.includes(ended.terms)) return false
  if (ended.appendix === null) return licence.isAppendixOptional
  return licence.appendices.includes(ended.appendix)
}

/** The four classes of data, from least to most sensitive. */
export const CLASSES = ['public', 'internal', 'confidential', 'restricted'] as const
export type DataClass = (typeof CLASSES)[number]

/** What kind of sensitive thing a text holds; a label carries any number of them. */
export const CATEGORIES = [
  'personal',
  'credentials',
  'health',
  'special-category',
  'finance',
  'legal',
  'judicial',
  'hr',
  'children',
  'source-code',
  'infrastructure',
  'strategy',
  'location',
  'export-control',
  'marking',
  'company',
] as const
export type Category = (typeof CATEGORIES)[number]

/** Why a detector believes its finding; data, so that it can be told in any language. Never the matched text. */
export type Reason =
  | { readonly kind: 'checksum'; readonly name: string }
  | { readonly kind: 'prefix'; readonly name: string }
  | { readonly kind: 'shape' }
  | { readonly kind: 'keyword'; readonly keyword: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'position'; readonly where: 'heading' | 'own-line' | 'subject' }
  | { readonly kind: 'person'; readonly how: 'name' | 'pronoun' | 'role' }
  | { readonly kind: 'count'; readonly of: string; readonly count: number }
  | { readonly kind: 'test-value' }
  /** A list, pattern or document of the company's own, by its name; `near`: one letter is another. */
  | {
      readonly kind: 'list'
      readonly name: string
      readonly owner: string
      readonly near: boolean
    }

/** A piece of a finding in one part. */
export interface FindingPiece {
  readonly part: number
  readonly start: number
  readonly end: number
}

/** A sensitive thing found in one part of a request. Offsets are UTF-16 units in that part's text, end exclusive. */
export interface Finding {
  /** Canonical type, upper snake case: `FR_NIR`, `IBAN_CODE`, `SECRET`. */
  readonly type: string
  /** Stable id of the rule that fired, kebab-case: `fr-nir`, `github-pat`. */
  readonly rule: string
  /** Index of the part in the list that was classified. */
  readonly part: number
  readonly start: number
  readonly end: number
  /** 0 to 1; 0.85 high, 0.65 medium, 0.45 low. */
  readonly confidence: number
  readonly because: readonly Reason[]
  /** Its other pieces, where it goes over the seam of neighbouring parts. */
  readonly rest?: readonly FindingPiece[]
  /** ISO 3166-1 alpha-2, where the type has a country of its own (VAT numbers, IBAN). */
  readonly country?: string
}

/** The verdict of classification. `undetermined` always comes with the highest class. */
export interface Label {
  readonly class: DataClass
  readonly categories: readonly Category[]
  readonly undetermined: boolean
}

/** Position in CLASSES; a higher rank is more sensitive. */
export const classRank = (dataClass: DataClass): number => CLASSES.indexOf(dataClass)

/** The more sensitive of two classes. */
export const higherClass = (a: DataClass, b: DataClass): DataClass =>
  classRank(a) >= classRank(b) ? a : b

/** Text that could not be classified is treated as the highest class. */
export const UNDETERMINED: Label = { class: 'restricted', categories: [], undetermined: true }

/** The least label that covers both: highest class, all categories, undetermined if either is. */
export function combineLabels(a: Label, b: Label): Label {
  const categories = CATEGORIES.filter((c) => a.categories.includes(c) || b.categories.includes(c))
  return {
    class: higherClass(a.class, b.class),
    categories,
    undetermined: a.undetermined || b.undetermined,
  }
}

export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]

/** A refusal in words. */
export interface Wording {
  /** What happened. */
  readonly message: string
  /** What the person can do. */
  readonly remedy: string
}

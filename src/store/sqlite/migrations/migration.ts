/** One step forward. Numbered from 1 without gaps; a released one is never edited. */
export interface Migration {
  readonly version: number
  readonly sql: string
}

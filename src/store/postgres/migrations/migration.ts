/** One step forward. Same number and same tables as SQLite's; a released one is never edited. */
export interface Migration {
  readonly version: number
  readonly sql: string
}

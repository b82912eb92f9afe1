/** What a process that measures one subject is asked to do; a file, because other languages read it too. */
export interface Job {
  readonly rows: readonly { readonly id: string; readonly text: string; readonly lang: string }[]
  readonly clean: CleanTexts
  /** A short text that is repeated to the size. */
  readonly hostile: readonly { readonly name: string; readonly unit: string }[]
  readonly sizes: readonly number[]
  /** A step that would take longer, by what the one before took, is left out. */
  readonly stepLimitMs: number
}

export interface CleanTexts {
  /** French and English prose and code, as one text. */
  readonly whole: string
  /** The same as messages of about a kilobyte. */
  readonly messages: readonly string[]
}

/** What it writes, one JSON value a line, as it goes. */
export type Line =
  | { readonly kind: 'about'; readonly version: string }
  | {
      readonly kind: 'row'
      readonly id: string
      readonly spans: readonly {
        readonly start: number
        readonly end: number
        readonly type: string
      }[]
      readonly label?: string
      readonly failed?: boolean
    }
  | {
      readonly kind: 'whole'
      readonly bytes: number
      readonly ms: number
      readonly jsonMs: number | null
    }
  | {
      readonly kind: 'messages'
      readonly bytes: number
      readonly ms: number
      readonly count: number
      readonly jsonMs: number | null
    }
  | {
      readonly kind: 'hostile'
      readonly name: string
      readonly size: number
      readonly ms: number | null
      readonly failed?: string
    }
  | { readonly kind: 'end' }

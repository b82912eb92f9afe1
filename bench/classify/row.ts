/** A sensitive thing in a text. Offsets count code points, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly type: string
}

/** One labelled text, as data folders and the generated corpora have it. */
export interface Row {
  readonly id: string
  readonly text: string
  readonly spans: readonly Span[]
  readonly lang: string
  /** Class of the whole text, in the family `sensitivity`. */
  readonly label?: string
  /** Name of its file. */
  readonly set: string
  /** Name of its folder: `pii`, `secrets`, `ner`, `negatives`, `sensitivity`. */
  readonly family: string
  readonly source?: string
  readonly licence?: string
}

/** What a detector says of one row. */
export interface Prediction {
  readonly id: string
  readonly spans: readonly Span[]
  readonly label?: string
  /** It threw. */
  readonly failed?: boolean
}

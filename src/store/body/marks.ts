/** First byte of a value in a body. Below SMALL it is a number itself; from FIXED on, a fixed word. */
export const MARK = {
  null: 0x40,
  false: 0x41,
  true: 0x42,
  /** A whole number from 0, seven bits a byte, lowest first. */
  whole: 0x43,
  /** The same, of its distance below zero. */
  negative: 0x44,
  /** Eight bytes, IEEE 754, highest first. */
  double: 0x45,
  /** The id of the record itself. */
  ownId: 0x46,
  /** Length, then UTF-8. */
  text: 0x47,
  /** Length, then the bytes that lower-case hexadecimal digits stand for. */
  hex: 0x48,
  list: 0x49,
  map: 0x4a,
  shape: 0x4b,
  /** Number of a word in the table. */
  word: 0x4c,
  /** The rest is the payload itself, in UTF-8, and no map. */
  other: 0x4d,
} as const

/** Numbers below are their own mark. */
export const SMALL = 0x40
/** The fixed words' marks begin here. */
export const FIXED = 0x80
/** A body that begins so is the payload itself, in UTF-8: `{`. */
export const PLAIN = 0x7b

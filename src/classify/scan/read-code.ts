import { isWordAt, kindAt, SPACE } from './symbols.ts'

/** Letters and digits read through single separators. */
export interface Code {
  /** Upper case, separators left out. */
  readonly compact: string
  readonly end: number
}

const isSeparator = (text: string, at: number): boolean =>
  (kindAt(text, at) & SPACE) !== 0 || '.-‑'.includes(text[at] ?? ' ')

/** Reads exactly `length` ASCII letters and digits from `start`; undefined when there are fewer or when the last one is followed by another. */
export function readCode(text: string, start: number, length: number): Code | undefined {
  let compact = ''
  let at = start
  while (compact.length < length) {
    const unit = text.charCodeAt(at)
    const digit = unit >= 48 && unit <= 57
    const upper = unit >= 65 && unit <= 90
    const lower = unit >= 97 && unit <= 122
    if (digit || upper || lower) {
      compact += lower ? String.fromCharCode(unit - 32) : String.fromCharCode(unit)
      at++
    } else if (at < text.length && isSeparator(text, at) && isWordAt(text, at + 1)) at++
    else return undefined
  }
  return isWordAt(text, at) ? undefined : { compact, end: at }
}

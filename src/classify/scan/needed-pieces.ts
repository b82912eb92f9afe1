/** Letters in a row that every match of a pattern holds at least one of; null where nothing is sure. */
export type Pieces = readonly string[] | null

const SHORT_ESCAPE = /\\(?:[pP]\{[^}]{1,20}\}|u[\da-fA-F]{4}|[^])/y
const SET = /\[(?:\\[^]|[^\]\\])*\]/y
const BOUNDS = /(?:[?*+]|\{(\d{1,3})(?:,\d{0,3})?\})\??/y
/** What must not stand there, or stands before. */
const NOT_NEEDED = /\(\?(?:!|<[=!])/y
const GROUP = /\((?:\?[:=])?/y

const DIGITS = '0123456789'.split('')

/** Reads from a regular expression, spaces and letters as written, what a text must hold for it to match; a text without is not searched. */
export const neededPieces = (pattern: RegExp): Pieces => new Reader(pattern.source).choice()

const ANY_DIGIT = new Set(DIGITS)

/** Whether a text without a digit cannot match. */
export const needsDigit = (pattern: RegExp): boolean =>
  neededPieces(pattern)?.every((piece) => ANY_DIGIT.has(piece)) === true

class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  choice(): Pieces {
    let all: string[] | null = []
    for (;;) {
      const pieces = this.#sequence()
      all = all === null || pieces === null ? null : [...all, ...pieces]
      if (this.#source[this.#at] !== '|') return all
      this.#at++
    }
  }

  /** The surest of what stands in a row. */
  #sequence(): Pieces {
    let best: Pieces = null
    let letters = ''
    const letGo = (): void => {
      if (letters !== '') best = surer(best, [letters])
      letters = ''
    }
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const letter = this.#letter()
      const pieces = letter === null ? this.#other() : null
      const bounds = this.#match(BOUNDS)
      const isOptional = bounds !== null && (/^[?*]/.test(bounds[0]) || bounds[1] === '0')
      if (letter === null || bounds !== null) letGo()
      if (isOptional) continue
      if (letter === null) best = surer(best, pieces)
      else letters += letter
      if (bounds !== null) letGo()
    }
    letGo()
    return best
  }

  /** One letter that stands for itself. */
  #letter(): string | null {
    const char = this.#source[this.#at] ?? ''
    const escaped = char === '\\' ? (this.#source[this.#at + 1] ?? '') : ''
    if (escaped !== '' && !/[A-Za-z\d]/.test(escaped)) {
      this.#at += 2
      return escaped
    }
    if ('\\([.^$'.includes(char)) return null
    this.#at++
    return char
  }

  #other(): Pieces {
    if (this.#source.startsWith('\\d', this.#at)) {
      this.#at += 2
      return DIGITS
    }
    if (this.#source[this.#at] !== '(') {
      if (this.#match(SET) === null && this.#match(SHORT_ESCAPE) === null) this.#at++
      return null
    }
    const isNeeded = this.#match(NOT_NEEDED) === null
    if (isNeeded) this.#match(GROUP)
    const pieces = this.choice()
    this.#at++
    return isNeeded ? pieces : null
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at
    const match = expression.exec(this.#source)
    if (match !== null) this.#at = expression.lastIndex
    return match
  }
}

const shortest = (pieces: readonly string[]): number =>
  Math.min(...pieces.map(({ length }) => length))

/** Longer pieces are rarer. */
function surer(one: Pieces, other: Pieces): Pieces {
  if (one === null || other === null) return one ?? other
  return shortest(other) > shortest(one) ? other : one
}

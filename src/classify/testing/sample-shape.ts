/** A part of a shape: what it may be, and how often at least. */
interface Piece {
  readonly options: readonly (readonly Piece[])[]
  /** Characters of a class; empty for a group. */
  readonly characters: string
  readonly least: number
}

const range = (from: string, to: string): string =>
  Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) =>
    String.fromCharCode(from.charCodeAt(0) + i),
  ).join('')
const LETTERS = range('a', 'z') + range('A', 'Z')
const ESCAPES: Readonly<Record<string, string>> = {
  d: range('0', '9'),
  w: `${LETTERS}${range('0', '9')}_`,
  s: ' ',
}

/** Reads the few constructions that shapes use: literals, classes, groups of alternatives, counts. */
class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  alternatives(): readonly (readonly Piece[])[] {
    const options: Piece[][] = [[]]
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#source[this.#at] === '|') {
        this.#at++
        options.push([])
      } else options.at(-1)?.push(this.#piece())
    }
    return options
  }

  #piece(): Piece {
    const char = this.#source[this.#at] ?? ''
    let characters = ''
    let options: readonly (readonly Piece[])[] = []
    if (char === '(') {
      this.#at += 3
      options = this.alternatives()
      this.#at++
    } else if (char === '[') characters = this.#class()
    else {
      this.#at++
      characters = char === '\\' ? this.#escape() : char
    }
    const count = /^(?:\{(\d+)(?:,\d+)?\}|\?)/.exec(this.#source.slice(this.#at))
    this.#at += count?.[0].length ?? 0
    const least = count === null ? 1 : Number(count[1] ?? 0)
    return { options, characters, least }
  }

  #escape(): string {
    const char = this.#source[this.#at++] ?? ''
    return ESCAPES[char] ?? char
  }

  #class(): string {
    this.#at++
    const negated = this.#source[this.#at] === '^'
    if (negated) this.#at++
    let characters = ''
    while (this.#source[this.#at] !== ']') {
      const char = this.#source[this.#at++] ?? ''
      if (char === '\\') characters += this.#escape()
      else if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']') {
        characters += range(char, this.#source[this.#at + 1] ?? char)
        this.#at += 2
      } else characters += char
    }
    this.#at++
    return negated ? LETTERS : characters
  }
}

/** A text of that shape; `random` gives numbers in [0, 1). Optional parts are as short as they may be. */
export function sampleShape(shape: string, random: () => number): string {
  const pick = (length: number): number => Math.floor(random() * length)
  const write = (options: readonly (readonly Piece[])[]): string =>
    (options[pick(options.length)] ?? []).map(writePiece).join('')
  const writePiece = ({ options, characters, least }: Piece): string =>
    Array.from({ length: least }, () =>
      options.length > 0 ? write(options) : (characters[pick(characters.length)] ?? ''),
    ).join('')
  return write(new Reader(shape).alternatives())
}

/** Numbers in [0, 1) that are the same on every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

import { err, ok, type Result } from '#kernel/result.ts'
import { complement, NAMED_SETS, union, type CharSet, type Range } from './char-set.ts'

/** A regular expression as a tree; groups capture nothing. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly kind: 'repeat'
      readonly item: PatternNode
      readonly min: number
      /** Infinity where no bound was written. */
      readonly max: number
      readonly lazy: boolean
    }
  | { readonly kind: 'edge'; readonly edge: '^' | '$' | '\\b' | '\\B' }
  | {
      readonly kind: 'look'
      readonly sign: '=' | '!' | '<=' | '<!'
      readonly item: PatternNode
    }

/** Why a regular expression is refused. */
export const PATTERN_PROBLEMS = [
  'pattern-syntax',
  'pattern-too-long',
  'pattern-backreference',
  'pattern-lookaround',
  'pattern-nested-quantifier',
  'pattern-overlapping-quantifiers',
  'pattern-overlapping-alternatives',
  'pattern-matches-empty',
  'pattern-too-wide',
  'pattern-too-slow',
] as const
export type PatternProblem = (typeof PATTERN_PROBLEMS)[number]

const LONGEST_SOURCE = 500
const DEEPEST = 20

/** Reads the regular expressions of ECMAScript but for what has no bound or is written by few: back-references, properties of Unicode, inline flags. */
export function parsePattern(source: string): Result<PatternNode, PatternProblem> {
  if (source.length > LONGEST_SOURCE) return err('pattern-too-long')
  const reader = new Reader(source)
  const tree = reader.choice(0)
  return reader.problem === null && reader.atEnd
    ? ok(tree)
    : err(reader.problem ?? 'pattern-syntax')
}

const EMPTY: PatternNode = { kind: 'sequence', items: [] }
const single = (code: number): PatternNode => ({ kind: 'set', set: [[code, code]] })
const CONTROL: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11 }
const LOOK = /\?(<?[=!])/y
const PLAIN_GROUP = /\?:|\?<[A-Za-z]\w{0,40}>/y
const BRACES = /\{(\d{1,4})(?:(,)(\d{0,4}))?\}/y
const HEX = /u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})/y

/** Reads a source from left to right; the first problem stays. */
class Reader {
  problem: PatternProblem | null = null
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length
  }

  choice(depth: number): PatternNode {
    if (depth > DEEPEST) return this.#fail('pattern-syntax')
    const options = [this.#sequence(depth)]
    while (this.#take('|')) options.push(this.#sequence(depth))
    return options.length === 1 ? (options[0] ?? EMPTY) : { kind: 'choice', options }
  }

  #sequence(depth: number): PatternNode {
    const items: PatternNode[] = []
    while (!this.atEnd && !'|)'.includes(this.#peek()) && this.problem === null) {
      const item = this.#atom(depth)
      items.push(item.kind === 'edge' || item.kind === 'look' ? item : this.#repeated(item))
    }
    return items.length === 1 ? (items[0] ?? EMPTY) : { kind: 'sequence', items }
  }

  #repeated(item: PatternNode): PatternNode {
    const bounds = this.#bounds()
    if (bounds === null) return item
    const [min, max] = bounds
    if (max < min) return this.#fail('pattern-syntax')
    return { kind: 'repeat', item, min, max, lazy: this.#take('?') }
  }

  #bounds(): readonly [number, number] | null {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    if (this.#peek() !== '{') return null
    const braces = this.#match(BRACES)
    if (braces === null) {
      this.#fail('pattern-syntax')
      return null
    }
    const min = Number(braces[1])
    if (braces[2] === undefined) return [min, min]
    return [min, braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3])]
  }

  #atom(depth: number): PatternNode {
    const char = this.#peek()
    if (char === '(') return this.#group(depth)
    if (char === '[') return this.#class()
    if (char === '\\') return this.#escape()
    if ('*+?{}])'.includes(char)) return this.#fail('pattern-syntax')
    const code = this.#source.codePointAt(this.#at) ?? 0
    this.#at += code > 0xffff ? 2 : 1
    if (char === '^' || char === '$') return { kind: 'edge', edge: char }
    return char === '.' ? { kind: 'set', set: NAMED_SETS['.'] ?? [] } : single(code)
  }

  #group(depth: number): PatternNode {
    this.#at++
    const look = this.#match(LOOK)
    if (look === null && this.#match(PLAIN_GROUP) === null && this.#peek() === '?')
      return this.#fail('pattern-syntax')
    const item = this.choice(depth + 1)
    if (!this.#take(')')) return this.#fail('pattern-syntax')
    if (look === null) return item
    const sign = look[1]
    return sign === '=' || sign === '!' || sign === '<=' || sign === '<!'
      ? { kind: 'look', sign, item }
      : this.#fail('pattern-syntax')
  }

  #escape(): PatternNode {
    const char = this.#source[this.#at + 1] ?? ''
    if (char === 'b' || char === 'B') {
      this.#at += 2
      return { kind: 'edge', edge: char === 'b' ? '\\b' : '\\B' }
    }
    if (/[1-9k]/.test(char)) return this.#fail('pattern-backreference')
    return { kind: 'set', set: this.#escapedSet() }
  }

  /** What an escape stands for, in a class or outside. */
  #escapedSet(): CharSet {
    this.#at++
    const hex = this.#match(HEX)
    if (hex !== null) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16)
      if (code <= 0x10ffff) return [[code, code]]
      this.#fail('pattern-syntax')
      return []
    }
    const char = this.#peek()
    const code = char.charCodeAt(0)
    this.#at++
    if (Object.hasOwn(NAMED_SETS, char) && char !== '.') return NAMED_SETS[char] ?? []
    if (Object.hasOwn(CONTROL, char)) return [[CONTROL[char] ?? 0, CONTROL[char] ?? 0]]
    if (char === '' || /[\da-zA-Z]/.test(char)) this.#fail('pattern-syntax')
    return [[code, code]]
  }

  #class(): PatternNode {
    this.#at++
    const isNegated = this.#take('^')
    const ranges: Range[] = []
    while (!this.atEnd && this.#peek() !== ']' && this.problem === null) {
      const first = this.#member()
      const isRange = this.#peek() === '-' && !['', ']'].includes(this.#source[this.#at + 1] ?? '')
      if (!isRange) {
        ranges.push(...first)
        continue
      }
      this.#at++
      const last = this.#member()
      const [from, to] = [first[0], last[0]]
      const areSingle = [first, last].every(
        (set) => set.length === 1 && set[0]?.[0] === set[0]?.[1],
      )
      if (!areSingle || from === undefined || to === undefined || from[0] > to[0])
        return this.#fail('pattern-syntax')
      ranges.push([from[0], to[0]])
    }
    if (!this.#take(']') || ranges.length === 0) return this.#fail('pattern-syntax')
    const set = union(ranges)
    return { kind: 'set', set: isNegated ? complement(set) : set }
  }

  #member(): CharSet {
    if (this.#peek() === '\\') {
      if (this.#source[this.#at + 1] === 'b') {
        this.#at += 2
        return [[8, 8]]
      }
      return this.#escapedSet()
    }
    const code = this.#source.codePointAt(this.#at) ?? 0
    this.#at += code > 0xffff ? 2 : 1
    return [[code, code]]
  }

  #peek(): string {
    return this.#source[this.#at] ?? ''
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false
    this.#at++
    return true
  }

  #match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at
    const match = expression.exec(this.#source)
    if (match !== null) this.#at = expression.lastIndex
    return match
  }

  #fail(problem: PatternProblem): PatternNode {
    this.problem ??= problem
    return EMPTY
  }
}

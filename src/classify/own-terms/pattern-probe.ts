import { bothCases, has, type CharSet } from './char-set.ts'
import type { PatternNode } from './pattern-syntax.ts'

/** Steps from one place of a text, on average over a text; more would show in the time of a request. */
const MOST_STEPS = 400
const PROBE_LENGTH = 400
const MOST_TEXTS = 60

/** Tries a pattern on texts made against it, with a matcher that counts its steps instead of measuring time. */
export function isFastEnough(tree: PatternNode, ignoreCase: boolean): boolean {
  return adversaries(tree).every(
    (text) => stepsOver(tree, text, ignoreCase, MOST_STEPS * text.length) !== null,
  )
}

/** Steps that a search over the whole text takes, from every place of it; null beyond `most`. Backtracks as regular expressions do. */
export function stepsOver(
  tree: PatternNode,
  text: string,
  ignoreCase: boolean,
  most: number,
): number | null {
  const matcher = new CountingMatcher(text, ignoreCase, most)
  for (let at = 0; at <= text.length; at++) {
    matcher.matchEnd(tree, at)
    if (matcher.isSpent) return null
  }
  return matcher.steps
}

type Next = (at: number) => boolean

/** Depth-first matching with a count of steps. */
class CountingMatcher {
  steps = 0
  readonly #text: string
  readonly #ignoreCase: boolean
  readonly #most: number
  readonly #sets = new Map<CharSet, CharSet>()

  constructor(text: string, ignoreCase: boolean, most: number) {
    this.#text = text
    this.#ignoreCase = ignoreCase
    this.#most = most
  }

  get isSpent(): boolean {
    return this.steps > this.#most
  }

  /** Where the first match from `at` ends, or -1. */
  matchEnd(tree: PatternNode, at: number): number {
    let end = -1
    this.#match(tree, at, (stop) => {
      end = stop
      return true
    })
    return end
  }

  #match(node: PatternNode, at: number, next: Next): boolean {
    this.steps++
    // spent: everything fails, so that the search unwinds
    if (this.isSpent) return false
    switch (node.kind) {
      case 'set':
        return this.#isIn(node.set, at) && next(at + 1)
      case 'edge':
        return this.#isEdge(node.edge, at) && next(at)
      case 'choice':
        return node.options.some((option) => this.#match(option, at, next))
      case 'sequence':
        return this.#sequence(node.items, 0, at, next)
      case 'repeat':
        return this.#repeat(node, 0, at, next)
      case 'look':
        return this.#look(node.sign, node.item, at) && next(at)
    }
  }

  #sequence(items: readonly PatternNode[], index: number, at: number, next: Next): boolean {
    const item = items[index]
    if (item === undefined) return next(at)
    return this.#match(item, at, (end) => this.#sequence(items, index + 1, end, next))
  }

  #repeat(
    node: Extract<PatternNode, { kind: 'repeat' }>,
    done: number,
    at: number,
    next: Next,
  ): boolean {
    const again = (): boolean =>
      done < node.max &&
      this.#match(
        node.item,
        at,
        (end) => (end > at || done < node.min) && this.#repeat(node, done + 1, end, next),
      )
    if (done < node.min) return again()
    return node.lazy ? next(at) || again() : again() || next(at)
  }

  #look(sign: '=' | '!' | '<=' | '<!', item: PatternNode, at: number): boolean {
    const isBehind = sign.startsWith('<')
    const starts = isBehind ? Array.from({ length: Math.min(at, 32) + 1 }, (_, i) => at - i) : [at]
    const isThere = starts.some((from) => this.#match(item, from, (end) => !isBehind || end === at))
    return sign.endsWith('=') === isThere
  }

  #isIn(set: CharSet, at: number): boolean {
    if (at >= this.#text.length) return false
    let whole = this.#sets.get(set)
    if (whole === undefined) {
      whole = this.#ignoreCase ? bothCases(set) : set
      this.#sets.set(set, whole)
    }
    return has(whole, this.#text.charCodeAt(at))
  }

  #isEdge(edge: '^' | '$' | '\\b' | '\\B', at: number): boolean {
    if (edge === '^') return at === 0
    if (edge === '$') return at === this.#text.length
    const isWord = (index: number): boolean => /\w/.test(this.#text[index] ?? '')
    return (isWord(at - 1) !== isWord(at)) === (edge === '\\b')
  }
}

/** Texts that keep a pattern busy: what its repetitions take, over and over, and its own shortest match cut before the end. */
function adversaries(tree: PatternNode): readonly string[] {
  const units = [...new Set(samples(tree))]
  const shortest = sampleOf(tree, 0)
  const pumped = sampleOf(tree, 40)
  const cut = (text: string): string => text.slice(0, -1)
  const texts = [
    ...units,
    ...units.flatMap((one) => units.map((other) => one + other)),
    shortest,
    cut(shortest),
    cut(shortest) + '!',
    cut(pumped),
    cut(pumped) + '\u0001',
    pumped.slice(0, Math.floor(pumped.length / 2)),
  ].filter((text) => text !== '')
  return texts
    .slice(-MOST_TEXTS)
    .map((text) => text.repeat(Math.ceil(PROBE_LENGTH / text.length)).slice(0, 2 * PROBE_LENGTH))
}

/** One unit of every set of the pattern. */
function samples(node: PatternNode): readonly string[] {
  switch (node.kind) {
    case 'set':
      return [sampleUnit(node.set)]
    case 'edge':
      return []
    case 'sequence':
      return node.items.flatMap(samples)
    case 'choice':
      return node.options.flatMap(samples)
    case 'repeat':
    case 'look':
      return samples(node.item)
  }
}

/** A text that the pattern takes, with `rounds` rounds where it may have more than it needs. */
function sampleOf(node: PatternNode, rounds: number): string {
  switch (node.kind) {
    case 'set':
      return sampleUnit(node.set)
    case 'edge':
    case 'look':
      return ''
    case 'sequence':
      return node.items.map((item) => sampleOf(item, rounds)).join('')
    case 'choice':
      return sampleOf(node.options[0] ?? { kind: 'sequence', items: [] }, rounds)
    case 'repeat':
      return sampleOf(node.item, rounds).repeat(Math.min(node.max, Math.max(node.min, rounds)))
  }
}

/** A unit of a set, a letter or digit where it has one. */
function sampleUnit(set: CharSet): string {
  const usual = [97, 48, 65, 45, 46, 32].find((code) => has(set, code))
  return String.fromCharCode(usual ?? Math.min(set[0]?.[0] ?? 0, 0xffff))
}

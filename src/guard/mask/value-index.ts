import { folded, normalValue, type Sameness } from './normal-value.ts'

/** A value that is looked for, wherever it stands. */
export interface Sought {
  readonly text: string
  readonly sameness: Sameness
  readonly normal: string
}

/** A place where a value stands. */
export interface Met<Value> {
  readonly start: number
  readonly end: number
  readonly value: Value
}

/** Values of more words are found by their own shape, or not again. */
const MOST_WORDS = 64
/** Shorter values say nothing by themselves. */
const LEAST_LENGTH = 3

const WORD = /[\p{L}\p{N}]+/gu

interface Node<Value> {
  readonly next: Map<string, Node<Value>>
  readonly ends: Ending<Value>[]
}

interface Ending<Value> {
  readonly value: Value
  /** What is no word, before the first and after the last. */
  readonly lead: string
  readonly trail: string
}

/** Finds any number of values in a text: one look for each word of it, and as many more as words agree. */
export class ValueIndex<Value extends Sought> {
  readonly #root: Node<Value> = newNode()
  #isEmpty = true
  /** Of the longest: UTF-16 units, with room for what stands between words, and words. */
  #longest = 0
  #mostWords = 0

  /** False when the value is too short, or too long, to be looked for. */
  add(value: Value): boolean {
    const words = [...value.text.matchAll(WORD)]
    const first = words[0]
    const last = words.at(-1)
    if (!first || !last || words.length > MOST_WORDS) return false
    if (words.reduce((sum, [word]) => sum + word.length, 0) < LEAST_LENGTH) return false
    let node = this.#root
    for (const [word] of words) {
      const key = folded(word)
      const next = node.next.get(key) ?? newNode()
      node.next.set(key, next)
      node = next
    }
    const isExact = value.sameness === 'exact' || value.sameness === 'address'
    node.ends.push({
      value,
      lead: isExact ? value.text.slice(0, first.index) : '',
      trail: isExact ? value.text.slice(last.index + last[0].length) : '',
    })
    this.#isEmpty = false
    this.#longest = Math.max(this.#longest, 2 * value.text.length)
    this.#mostWords = Math.max(this.#mostWords, words.length)
    return true
  }

  /** Every place where one of them stands, the longest first at each place, none inside another. */
  *find(text: string): Generator<Met<Value>> {
    if (this.#isEmpty) return
    const words = [...text.matchAll(WORD)]
    for (let at = 0; at < words.length;) {
      const found = this.#at(text, words, at)
      if (found) yield found.met
      at += found?.words ?? 1
    }
  }

  /** Where the end of a text may be the beginning of one of them; its length where it cannot. */
  openFrom(text: string): number {
    if (this.#isEmpty) return text.length
    const words = [...text.slice(-this.#longest).matchAll(WORD)]
    const offset = Math.max(0, text.length - this.#longest)
    for (let at = Math.max(0, words.length - this.#mostWords); at < words.length; at++) {
      let node: Node<Value> | undefined = this.#root
      // the last word may not have come to its end
      for (let i = at; i < words.length - 1 && node; i++)
        node = node.next.get(folded(words[i]?.[0] ?? ''))
      if (node) return offset + (words[at]?.index ?? 0)
    }
    return text.length
  }

  has(text: string): boolean {
    return this.find(text).next().done !== true
  }

  #at(text: string, words: readonly RegExpExecArray[], at: number) {
    let node: Node<Value> | undefined = this.#root
    let best: { met: Met<Value>; words: number } | null = null
    const first = words[at]?.index ?? 0
    for (let i = at; i < words.length && node; i++) {
      const [word = ''] = words[i] ?? []
      node = node.next.get(folded(word))
      if (!node) break
      const end = (words[i]?.index ?? 0) + word.length
      for (const { value, lead, trail } of node.ends) {
        const from = first - lead.length
        const to = end + trail.length
        const slice = from < 0 ? '' : text.slice(from, to)
        if (normalValue(slice, value.sameness) !== value.normal) continue
        best = { met: { start: from, end: to, value }, words: i - at + 1 }
        break
      }
    }
    return best
  }
}

const newNode = <Value>(): Node<Value> => ({ next: new Map(), ends: [] })

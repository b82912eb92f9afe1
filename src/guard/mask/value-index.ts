import { folded, normalValue, type Sameness } from './normal-value.ts'
import { nextWord, wordsOf, type Word } from './words.ts'

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
  /** First letters of first words, lower case; every other word is passed by at once. */
  readonly #starts = new Set<number>()
  #isEmpty = true
  /** Of the longest: UTF-16 units, with room for what stands between words, and words. */
  #longest = 0
  #mostWords = 0

  /** False when the value is too short, or too long, to be looked for. */
  add(value: Value): boolean {
    const { text } = value
    const words = wordsOf(text)
    const first = words[0]
    const last = words.at(-1)
    if (!first || !last || words.length > MOST_WORDS) return false
    if (words.reduce((sum, { start, end }) => sum + end - start, 0) < LEAST_LENGTH) return false
    let node = this.#root
    for (const { start, end } of words) {
      const key = folded(text.slice(start, end))
      if (node === this.#root) this.#starts.add(key.charCodeAt(0))
      const next = node.next.get(key) ?? newNode()
      node.next.set(key, next)
      node = next
    }
    const isExact = value.sameness === 'exact' || value.sameness === 'address'
    node.ends.push({
      value,
      lead: isExact ? text.slice(0, first.start) : '',
      trail: isExact ? text.slice(last.end) : '',
    })
    this.#isEmpty = false
    this.#longest = Math.max(this.#longest, 2 * text.length)
    this.#mostWords = Math.max(this.#mostWords, words.length)
    return true
  }

  /** Every place where one of them stands, the longest first at each place, none inside another. */
  *find(text: string): Generator<Met<Value>> {
    if (this.#isEmpty) return
    for (let word = nextWord(text, 0); word;) {
      const found = this.#mayBegin(text.charCodeAt(word.start)) ? this.#at(text, word) : null
      if (found) yield found.met
      word = nextWord(text, found?.lastWord.end ?? word.end)
    }
  }

  has(text: string): boolean {
    return this.find(text).next().done !== true
  }

  /** Where the end of a text may be the beginning of one of them; its length where it cannot. */
  openFrom(text: string): number {
    if (this.#isEmpty) return text.length
    const offset = Math.max(0, text.length - this.#longest)
    const tail = text.slice(offset)
    const words = wordsOf(tail)
    for (let at = Math.max(0, words.length - this.#mostWords); at < words.length; at++) {
      let node: Node<Value> | undefined = this.#root
      // the last word may not have come to its end
      for (let i = at; i < words.length - 1 && node; i++)
        node = node.next.get(folded(tail.slice(words[i]?.start, words[i]?.end)))
      if (node) return offset + (words[at]?.start ?? 0)
    }
    return text.length
  }

  #mayBegin(unit: number): boolean {
    // a letter beyond ASCII may fold to any other
    return unit >= 128 || this.#starts.has(unit >= 65 && unit <= 90 ? unit + 32 : unit)
  }

  #at(text: string, first: Word) {
    let node: Node<Value> | undefined = this.#root
    let best: { met: Met<Value>; lastWord: Word } | null = null
    for (let word: Word | null = first; word && node; word = nextWord(text, word.end)) {
      node = node.next.get(folded(text.slice(word.start, word.end)))
      if (!node) break
      for (const { value, lead, trail } of node.ends) {
        const from = first.start - lead.length
        const to = word.end + trail.length
        const slice = from < 0 ? '' : text.slice(from, to)
        if (normalValue(slice, value.sameness) !== value.normal) continue
        best = { met: { start: from, end: to, value }, lastWord: word }
        break
      }
    }
    return best
  }
}

const newNode = <Value>(): Node<Value> => ({ next: new Map(), ends: [] })

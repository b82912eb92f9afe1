/** The part of a tokenizer that turns tokens back into text. */
export type Detokenize<T> = (tokens: readonly T[], last: readonly T[]) => string

/** U+FFFD: what a character cut in the middle decodes to. */
const CUT = '\uFFFD'

/** Tokens that add no whole character: beyond it the bytes are not UTF-8 and are shown as they decode. */
const MAX_STALLED = 16
/** Tokens that each end inside a character, so that none can be let go: no text of words has so many in a row. */
const MAX_PENDING = 256

/** Tokens of context that decide whether a word begins with a space. */
const LAST_TOKENS = 4

/** Turns a stream of tokens into pieces of text that never split a character. */
export class TextAssembly<T> {
  readonly #detokenize: Detokenize<T>
  #last: readonly T[]
  #pending: T[] = []
  /** Characters of the pending tokens already given out. */
  #shown = 0
  #stalled = 0

  constructor(detokenize: Detokenize<T>, prompt: readonly T[]) {
    this.#detokenize = detokenize
    this.#last = prompt.slice(-LAST_TOKENS)
  }

  /** The text that this token completes; empty while a character is incomplete. */
  push(token: T): string {
    this.#pending.push(token)
    const text = this.#detokenize(this.#pending, this.#last)
    const isWaiting = this.#stalled + 1 < MAX_STALLED && this.#pending.length < MAX_PENDING
    const cut = text.endsWith(CUT) && isWaiting
    const piece = text.slice(this.#shown, cut ? -1 : undefined)
    this.#stalled = piece === '' || piece.includes(CUT) ? this.#stalled + 1 : 0
    if (cut) {
      this.#shown += piece.length
    } else {
      this.#last = [...this.#last, ...this.#pending].slice(-LAST_TOKENS)
      this.#pending = []
      this.#shown = 0
    }
    return piece
  }

  /** What is left at the end: a character that never completed, as U+FFFD. */
  flush(): string {
    const text = this.#pending.length === 0 ? '' : this.#detokenize(this.#pending, this.#last)
    const piece = text.slice(this.#shown)
    this.#pending = []
    this.#shown = 0
    return piece
  }
}

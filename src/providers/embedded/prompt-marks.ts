import type { PromptPiece } from './prompt-template.ts'
import { isFields } from './tool-definitions.ts'

/** An unusual space on both sides of a placeholder shows whether the template trims contents. */
const PAD = '\u2003'

/** Words that no vocabulary takes for a mark of its own: they may stand in the prompt as they are. */
const PLAIN_WORD = /^[\w$@.-]{1,64}$/

/** A text that stands in the prompt behind a placeholder. */
interface Kept {
  readonly text: string
  readonly isPadded: boolean
  /** Written as JSON where the template put quotes around it. */
  readonly isJson: boolean
}

/** A key of an object that cannot hide behind a placeholder. */
export class UnsafeKey extends Error {}

/** Placeholders for one prompt. The nonce is unguessable, so no content can pass for one. */
export class PromptMarks {
  readonly #mark: string
  readonly #kept: Kept[] = []

  constructor(nonce: string) {
    this.#mark = `ecluse${nonce}x`
  }

  /** A placeholder for a content; `isJson` when the template may quote it. */
  content(text: string, isJson: boolean): string {
    return `${PAD}${this.#keep({ text, isPadded: true, isJson })}${PAD}`
  }

  /** The same value with a placeholder for every text in it. @throws UnsafeKey */
  value(given: unknown): unknown {
    if (typeof given === 'string')
      return PLAIN_WORD.test(given)
        ? given
        : this.#keep({ text: given, isPadded: false, isJson: true })
    if (Array.isArray(given)) return given.map((item) => this.value(item))
    if (!isFields(given)) return given
    return Object.fromEntries(
      Object.entries(given).map(([key, item]) => {
        if (!PLAIN_WORD.test(key)) throw new UnsafeKey()
        return [key, this.value(item)]
      }),
    )
  }

  #keep(kept: Kept): string {
    this.#kept.push(kept)
    return `${this.#mark}${this.#kept.length - 1}x`
  }

  /** Number of placeholders so far: the next one has this place. */
  get count(): number {
    return this.#kept.length
  }

  /** The prompt in pieces, and the places it shows; null when the template cut a placeholder apart. */
  split(
    rendered: string,
  ): { readonly pieces: readonly PromptPiece[]; readonly seen: ReadonlySet<number> } | null {
    const pieces: PromptPiece[] = []
    const seen = new Set<number>()
    const places = new RegExp(`(${PAD}?)${this.#mark}(\\d+)x(${PAD}?)`, 'gu')
    let at = 0
    for (const match of rendered.matchAll(places)) {
      const place = Number(match[2])
      const kept = this.#kept[place]
      if (kept === undefined) return null
      seen.add(place)
      const end = match.index + match[0].length
      const isQuoted = rendered[match.index - 1] === '"' && rendered[end] === '"'
      pieces.push({ origin: 'template', text: rendered.slice(at, match.index) })
      const text = kept.isPadded ? trimmed(kept.text, match[1] === '', match[3] === '') : kept.text
      pieces.push({ origin: 'content', text: kept.isJson && isQuoted ? inQuotes(text) : text })
      at = end
    }
    pieces.push({ origin: 'template', text: rendered.slice(at) })
    const isCut = pieces.some(
      ({ origin, text }) =>
        origin === 'template' && (text.includes(this.#mark) || text.includes(PAD)),
    )
    return isCut ? null : { pieces: pieces.filter(({ text }) => text !== ''), seen }
  }
}

function trimmed(text: string, start: boolean, end: boolean): string {
  const begun = start ? text.trimStart() : text
  return end ? begun.trimEnd() : begun
}

const inQuotes = (text: string): string => JSON.stringify(text).slice(1, -1)

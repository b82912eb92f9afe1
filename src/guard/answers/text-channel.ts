import type { AnswerAction, AnswerDuties, AnswerKind } from '#kernel/duties.ts'
import type { AnswerFinding, Looker } from './finding.ts'

/** A piece of a text that may go on, or what ends it there. */
export type Let =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'end'
      readonly action: Extract<AnswerAction, 'cut' | 'review' | 'refuse'>
      readonly of: AnswerKind
    }

/** Counts what is found, by kind. */
export type Count = (kind: AnswerKind) => void

/** Texts are looked at whenever they have grown past a multiple of this, UTF-16 units: a token alone tells nothing yet. */
const STRIDE = 64

/** One text of an answer on its way. A class because it has a lifetime: from its first piece to its last. */
export class TextChannel {
  readonly #lookers: readonly Looker[]
  readonly #duties: AnswerDuties
  readonly #marks: Readonly<Record<AnswerKind, string>>
  readonly #count: Count
  /** The text from `#offset` on. */
  #held = ''
  /** The end of it that nobody has looked at. */
  #unread = ''
  #offset = 0
  #settled = 0
  #isEnded = false
  /** Told and not yet passed, in order. */
  #pending: AnswerFinding[] = []
  /** Up to here everything was taken out, and of which kind it was. */
  #taken: { readonly end: number; readonly kind: AnswerKind } | null = null

  constructor(
    lookers: readonly Looker[],
    duties: AnswerDuties,
    marks: Readonly<Record<AnswerKind, string>>,
    count: Count,
  ) {
    this.#lookers = lookers
    this.#duties = duties
    this.#marks = marks
    this.#count = count
  }

  /** Takes a piece; returns how long the text is now. */
  push(piece: string): number {
    this.#held += piece
    this.#unread += piece
    const length = this.#offset + this.#held.length
    if (Math.floor(length / STRIDE) !== Math.floor((length - piece.length) / STRIDE))
      this.#look(false)
    return length
  }

  /** No more of it will come. */
  end(): void {
    if (!this.#isEnded) this.#look(true)
    this.#isEnded = true
  }

  /** Whether everything before this offset can go on. */
  isSettled(offset: number): boolean {
    return this.#settled >= offset
  }

  /** What may go on of the text before this offset. */
  take(until: number): readonly Let[] {
    const lets: Let[] = []
    const limit = Math.min(until, this.#settled)
    const say = (text: string): void => {
      const last = lets.at(-1)
      if (last?.kind === 'text') lets[lets.length - 1] = { kind: 'text', text: last.text + text }
      else if (text !== '') lets.push({ kind: 'text', text })
    }
    while (this.#offset < limit) {
      const found = this.#nextBefore(limit)
      if (!found) {
        say(this.#advance(limit))
        break
      }
      const start = Math.max(found.start, this.#offset)
      say(this.#advance(start))
      const action = this.#duties[found.kind]
      if (!found.isMore) this.#count(found.kind)
      if (action === 'cut' || action === 'review' || action === 'refuse') {
        lets.push({ kind: 'end', action, of: found.kind })
        return lets
      }
      this.#pending.shift()
      if (action === 'pass') continue
      if (found.end <= this.#offset) continue
      const isNext = this.#taken?.kind === found.kind && this.#taken.end >= this.#offset
      if (found.isMarked && !isNext) say(this.#marks[found.kind])
      this.#taken = { end: found.end, kind: found.kind }
      this.#advance(Math.min(found.end, limit))
      // what is taken out may go on beyond what is settled
      if (found.end > limit)
        this.#pending.unshift({ ...found, start: limit, isMarked: false, isMore: true })
    }
    return lets
  }

  #look(isEnd: boolean): void {
    const piece = this.#unread
    this.#unread = ''
    const looked = this.#lookers.map((looker) => looker.look(piece, isEnd))
    for (const { findings } of looked) {
      this.#pending.push(...findings)
    }
    if (looked.some(({ findings }) => findings.length > 0)) {
      this.#pending.sort((a, b) => a.start - b.start || b.end - a.end)
    }
    const end = this.#offset + this.#held.length
    this.#settled = Math.max(this.#settled, Math.min(end, ...looked.map(({ settled }) => settled)))
  }

  /** The next finding that begins before the limit. One within another has its turn too, so that the strictest wins. */
  #nextBefore(limit: number): AnswerFinding | null {
    const [first] = this.#pending
    return first && first.start < limit ? first : null
  }

  #advance(to: number): string {
    const text = this.#held.slice(0, to - this.#offset)
    this.#held = this.#held.slice(to - this.#offset)
    this.#offset = to
    return text
  }
}

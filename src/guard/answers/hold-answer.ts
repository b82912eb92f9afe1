import type { Refusal } from '#kernel/refusal.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { Filtered } from '#protocols/answer-filter.ts'
import { Unreadable } from './classified.ts'
import { guardAnswer, held, withheld, type AnswerGuard, type GuardOptions } from './guard-answer.ts'

/** Most of an answer that is held, UTF-16 units of its texts and arguments, and most pieces. */
export const LONGEST_ANSWER = 8 * 1024 * 1024
export const MOST_PIECES = 2_000_000

export interface HoldOptions extends GuardOptions {
  /** A person reads every answer. */
  readonly isAlways: boolean
}

/** A guard that shows nothing before it has seen all: the caller gets the answer whole and clean, or not yet. */
export interface HoldingGuard extends AnswerGuard {
  /** What a person is to read, once the answer is held: all of it, less what other duties take out. */
  waiting(): readonly AnswerEvent[] | null
}

export function holdAnswer(options: HoldOptions): HoldingGuard {
  return new Holding(options)
}

class Holding implements HoldingGuard {
  readonly #options: HoldOptions
  readonly #guard: AnswerGuard
  readonly #came: AnswerEvent[] = []
  readonly #clean: AnswerEvent[] = []
  #size = 0
  #held: Refusal | null = null
  #stopped: Refusal | null = null
  #waiting: readonly AnswerEvent[] | null = null

  constructor(options: HoldOptions) {
    this.#options = options
    this.#guard = guardAnswer(options)
  }

  step(events: readonly AnswerEvent[]): Filtered {
    if (this.#stopped) return this.#nothing()
    for (const event of events) {
      this.#came.push(event)
      this.#size += sizeOf(event)
    }
    if (this.#size > LONGEST_ANSWER || this.#came.length > MOST_PIECES) {
      this.#stopped = withheld(this.#options, 'unreadable')
    } else if (!this.#held) this.#look(this.#guard.step(events))
    return this.#nothing()
  }

  end(): Filtered {
    if (this.#stopped) return this.#nothing()
    if (!this.#held) this.#look(this.#guard.end())
    if (this.#stopped) return this.#nothing()
    if (!this.#held && !this.#options.isAlways) return { events: this.#clean, stopped: null }
    try {
      this.#waiting = this.#toRead()
      this.#stopped = this.#held ?? held(this.#options, 'all')
    } catch {
      this.#stopped = withheld(this.#options, 'unreadable')
    }
    return this.#nothing()
  }

  report(): ReturnType<AnswerGuard['report']> {
    const report = this.#guard.report()
    return this.#waiting && report.done !== 'refuse' ? { ...report, done: 'review' } : report
  }

  waiting(): readonly AnswerEvent[] | null {
    return this.#waiting
  }

  #nothing(): Filtered {
    return { events: [], stopped: this.#stopped }
  }

  #look({ events, stopped }: Filtered): void {
    if (stopped?.code === 'held-for-review') this.#held = stopped
    else if (stopped) this.#stopped = stopped
    else this.#clean.push(...events)
  }

  /** What the other duties leave of it. @throws Unreadable where they leave nothing */
  #toRead(): readonly AnswerEvent[] {
    const { duties } = this.#options
    const others = Object.fromEntries(
      Object.entries(duties).map(([kind, action]) => [kind, action === 'review' ? 'pass' : action]),
    )
    const guard = guardAnswer({ ...this.#options, duties: { ...duties, ...others } })
    const first = guard.step(this.#came)
    const last = guard.end()
    if (first.stopped ?? last.stopped) throw new Unreadable()
    return [...first.events, ...last.events]
  }
}

/** UTF-16 units of what a piece holds. */
export function sizeOf(event: AnswerEvent): number {
  switch (event.kind) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return event.text.length
    case 'tool-arguments':
      return event.piece.length
    case 'reasoning-signature':
      return event.signature.length
    default:
      return 0
  }
}
